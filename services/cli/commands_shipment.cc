#include "services/cli/commands.h"

namespace motcua::cli {
namespace {

constexpr Argument kDossier{"dossier", "dossier", "dossier code", Need::kRequired};
constexpr Argument kWhen{"--at", "occurred_time",
                         "when, by the carrier's clock; now when not said"};
constexpr Heading kVersion{"Phiên bản", "version"};

constexpr CommandRow kRows[] = {
    {.path = "shipment show",
     .method = "motcua.postal.v1.PostalService.GetShipment",
     .help = "Show the shipment of a dossier",
     .arguments = {kDossier},
     .headings = {{"Mã hồ sơ", "shipment.dossier"},
                  {"Trạng thái", "shipment.state"},
                  {"Số hiệu bưu gửi", "shipment.item_number"},
                  {"Bưu cục", "shipment.carrier"},
                  {"Số lần phát hỏng", "shipment.attempts"},
                  {"Giao bưu điện", "shipment.handed_over"},
                  {"Báo gần nhất", "shipment.reported"},
                  {"Phát thành công", "shipment.delivered"},
                  {"Trùng số hiệu với", "shipment.also_on"},
                  kVersion},
     .example = "motcua shipment show 000.23.10.H49-201031-0001"},
    {.path = "shipment hand-over",
     .method = "motcua.postal.v1.PostalService.HandOverShipment",
     .help = "Hand a result to the carrier (giao bưu điện)",
     .arguments = {kDossier,
                   {"--item", "item_number", "S10 item number, like EX123456785VN",
                    Need::kRequired},
                   {"--carrier", "carrier", "id of the carrier, like vnpost", Need::kRequired}},
     .headings = {kVersion},
     .done = "Đã giao bưu điện.",
     .example = "motcua shipment hand-over 000.23.10.H49-201031-0001 --item EX123456785VN "
                "--carrier vnpost"},
    {.path = "shipment track",
     .method = "motcua.postal.v1.PostalService.TrackShipment",
     .help = "Record where the carrier says it is (định vị)",
     .arguments = {kDossier,
                   {"--state", "state", "in_transit, out_for_delivery or returning",
                    Need::kRequired},
                   kWhen},
     .headings = {kVersion},
     .done = "Đã ghi hành trình.",
     .example = "motcua shipment track 000.23.10.H49-201031-0001 --state out_for_delivery"},
    {.path = "shipment fail",
     .method = "motcua.postal.v1.PostalService.FailDelivery",
     .help = "Record a failed attempt (phát không thành công)",
     .arguments = {kDossier, {"--reason", "reason", "why", Need::kRequired}, kWhen},
     .headings = {kVersion},
     .done = "Đã ghi lần phát hỏng.",
     .example = "motcua shipment fail 000.23.10.H49-201031-0001 --reason absent"},
    {.path = "shipment deliver",
     .method = "motcua.postal.v1.PostalService.DeliverShipment",
     .help = "Record the delivery (phát thành công); closes the dossier",
     .arguments = {kDossier,
                   {"--proof", "proof", "what proves it", Need::kRequired},
                   {"--reference", "proof_reference", "id of the carrier's record, never a name"},
                   kWhen},
     .headings = {kVersion},
     .done = "Đã phát thành công; hồ sơ kết thúc.",
     .example = "motcua shipment deliver 000.23.10.H49-201031-0001 --proof signature"},
    {.path = "shipment return",
     .method = "motcua.postal.v1.PostalService.ReturnShipment",
     .help = "Record that it is back at the agency (đã hoàn)",
     .arguments = {kDossier},
     .headings = {kVersion},
     .done = "Bưu gửi đã về cơ quan.",
     .example = "motcua shipment return 000.23.10.H49-201031-0001"},
    {.path = "shipment list",
     .method = "motcua.postal.v1.PostalService.ListShipments",
     .help = "Shipments of a unit that are not delivered or returned yet",
     .arguments = {{"--unit", "unit", "receiving unit", Need::kRequired}},
     .headings = {{"Mã hồ sơ", "dossier"},
                  {"Trạng thái", "state"},
                  {"Số hiệu", "item_number"},
                  {"Bưu cục", "carrier"},
                  {"Phát hỏng", "attempts"},
                  {"Giao bưu điện", "handed_over"}},
     .example = "motcua shipment list --unit 000.23.10.H49"},
};

}  // namespace

std::span<const CommandRow> ShipmentCommands() { return kRows; }

}  // namespace motcua::cli
