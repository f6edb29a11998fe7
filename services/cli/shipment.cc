#include "motcua/postal/v1/postal.grpc.pb.h"
#include "services/cli/command.h"
#include "services/cli/commands.h"

namespace motcua::cli {
namespace {

using postal::v1::PostalService;
using Stub = PostalService::Stub;

const Flag kDossier{"dossier", "dossier", "dossier code", Need::kRequired};
const Flag kWhen{"--at", "occurred_time", "when, by the carrier's clock; now when not said"};

// The changing commands differ in their flags only.
template <typename Request, typename Response>
void AddAct(CLI::App& group, Context& context, std::string_view name, std::string_view help,
            std::vector<Flag> more, std::string_view done, std::string_view example,
            grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&, Response*)) {
  more.insert(more.begin(), kDossier);
  AddUnary<PostalService>(group, context,
                          CommandTable{name, help, more, {{"Phiên bản", "version"}}, done, example},
                          method);
}

}  // namespace

void AddShipmentCommands(CLI::App& app, Context& context) {
  CLI::App& group = AddGroup(app, "shipment", "Results on their way by post (bưu chính công ích)");
  AddUnary<PostalService>(group, context,
                          CommandTable{"show",
                                       "Show the shipment of a dossier",
                                       {kDossier},
                                       {{"Mã hồ sơ", "shipment.dossier"},
                                        {"Trạng thái", "shipment.state"},
                                        {"Số hiệu bưu gửi", "shipment.item_number"},
                                        {"Bưu cục", "shipment.carrier"},
                                        {"Số lần phát hỏng", "shipment.attempts"},
                                        {"Giao bưu điện", "shipment.handed_over"},
                                        {"Báo gần nhất", "shipment.reported"},
                                        {"Phát thành công", "shipment.delivered"},
                                        {"Trùng số hiệu với", "shipment.also_on"},
                                        {"Phiên bản", "version"}},
                                       "",
                                       "motcua shipment show 000.23.10.H49-201031-0001"},
                          &Stub::GetShipment);
  AddAct(group, context, "hand-over", "Hand a result to the carrier (giao bưu điện)",
         {{"--item", "item_number", "S10 item number, like EX123456785VN", Need::kRequired},
          {"--carrier", "carrier", "id of the carrier, like vnpost", Need::kRequired}},
         "Đã giao bưu điện.",
         "motcua shipment hand-over 000.23.10.H49-201031-0001 --item EX123456785VN "
         "--carrier vnpost",
         &Stub::HandOverShipment);
  AddAct(
      group, context, "track", "Record where the carrier says it is (định vị)",
      {{"--state", "state", "in_transit, out_for_delivery or returning", Need::kRequired}, kWhen},
      "Đã ghi hành trình.",
      "motcua shipment track 000.23.10.H49-201031-0001 --state out_for_delivery",
      &Stub::TrackShipment);
  AddAct(group, context, "fail", "Record a failed attempt (phát không thành công)",
         {{"--reason", "reason", "why", Need::kRequired}, kWhen}, "Đã ghi lần phát hỏng.",
         "motcua shipment fail 000.23.10.H49-201031-0001 --reason absent", &Stub::FailDelivery);
  AddAct(group, context, "deliver", "Record the delivery (phát thành công); closes the dossier",
         {{"--proof", "proof", "what proves it", Need::kRequired},
          {"--reference", "proof_reference", "id of the carrier's record, never a name"},
          kWhen},
         "Đã phát thành công; hồ sơ kết thúc.",
         "motcua shipment deliver 000.23.10.H49-201031-0001 --proof signature",
         &Stub::DeliverShipment);
  AddAct(group, context, "return", "Record that it is back at the agency (đã hoàn)", {},
         "Bưu gửi đã về cơ quan.", "motcua shipment return 000.23.10.H49-201031-0001",
         &Stub::ReturnShipment);
  AddList<PostalService>(group, context,
                         CommandTable{"list",
                                      "Shipments of a unit that are not delivered or returned yet",
                                      {{"--unit", "unit", "receiving unit", Need::kRequired}},
                                      {{"Mã hồ sơ", "dossier"},
                                       {"Trạng thái", "state"},
                                       {"Số hiệu", "item_number"},
                                       {"Bưu cục", "carrier"},
                                       {"Phát hỏng", "attempts"},
                                       {"Giao bưu điện", "handed_over"}},
                                      "",
                                      "motcua shipment list --unit 000.23.10.H49"},
                         "shipments", &Stub::ListShipments);
}

}  // namespace motcua::cli
