// People. Records, cards, phones and numbers go in by files or standard input, never by arguments,
// which other users of a machine can see and shells keep; of a search the words of a name may.
#include "services/cli/commands.h"

namespace motcua::cli {
namespace {

constexpr Argument kParty{"party", "party", "the party's id", Need::kRequired};
constexpr Argument kWhy{"--purpose", "purpose", "why you look, like a dossier's code; recorded"};
constexpr Argument kWhyNeeded{"--purpose", "purpose", "why; recorded", Need::kRequired};

constexpr CommandRow kRows[] = {
    {.path = "party put",
     .method = "motcua.parties.v1.PartyService.PutParty",
     .help = "Make or change a person or an organisation, from JSON as `party show --full --format "
             "json` prints it; without an id a new one is made. What does not fit together is "
             "said and taken.",
     .arguments = {Text("--file", "FILE", "the JSON; - is standard input", Need::kOptional, "-"),
                   kWhy},
     .example = "motcua party put --file vi-du.json",
     .run = PutParty},
    {.path = "party from-qr",
     .method = "motcua.parties.v1.PartyService.PutCard",
     .help = "Make a person of the QR of a citizen's card, or add what it says to one; what was "
             "chosen before stays. Scan with the input method (Telex, VNI) switched off.",
     .arguments = {Text("--file", "FILE", "the scanned text; - is standard input", Need::kOptional,
                        "-"),
                   {"--party", "party", "add it to this one"},
                   kWhy},
     .example = "motcua party from-qr < scanned.txt",
     .run = PutCard},
    {.path = "party show",
     .method = "motcua.parties.v1.PartyService.ShowParty",
     .help = "Show one: the last four characters of numbers, unless --full with a --purpose",
     .arguments = {kParty, {"--full", "full", "all of it; recorded with --purpose"}, kWhy},
     .example = "motcua party show 0123456789CHKMPX0123456789CHKMPX --full --purpose "
                "000.23.10.H49-201031-0001",
     .run = ShowParty},
    {.path = "party find",
     .method = "motcua.parties.v1.PartyService.FindParties",
     .help = "Find people by whole words of a name in any order, with or without their marks, or "
             "by a phone or any number ever held, which are read from --file",
     .arguments = {{"--name", "name", "words of the name"},
                   Text("--phone-file", "FILE", "file with the phone; - is standard input"),
                   Text("--number-file", "FILE", "file with the number; - is standard input"),
                   {"--limit", "limit", "at most so many; 20 when not said, 50 the most"},
                   kWhy},
     .example = "motcua party find --name \"nguyen vi du\"",
     .run = FindParties},
    {.path = "party export",
     .method = "motcua.parties.v1.PartyService.ExportParty",
     .help = "All that is held on one, for the person who asks: record, who may act for it, who "
             "looked at it",
     .arguments = {kParty, kWhyNeeded},
     .example = "motcua party export 0123456789CHKMPX0123456789CHKMPX --purpose \"yêu cầu của "
                "công dân\" --format json",
     .run = ExportParty},
    {.path = "party erase",
     .method = "motcua.parties.v1.PartyService.EraseParty",
     .help = "Destroy what is held on one, without a way back; copies of before cannot be read "
             "either. That somebody looked at it stays recorded.",
     .arguments = {kParty, kWhyNeeded},
     .headings = {{"Mã", "party"}},
     .done = "Đã xóa; bản sao lưu trước đó cũng không đọc được nữa.",
     .example = "motcua party erase 0123456789CHKMPX0123456789CHKMPX --purpose \"theo yêu cầu\""},
    {.path = "party looks",
     .method = "motcua.parties.v1.PartyService.ShowLooks",
     .help = "Who looked at one, when, how and why; newest first",
     .arguments = {kParty},
     .headings =
         {{"Lúc", "look_time"}, {"Cách", "kind"}, {"Người xem", "actor"}, {"Lý do", "purpose"}},
     .example = "motcua party looks 0123456789CHKMPX0123456789CHKMPX"},
};

}  // namespace

std::span<const CommandRow> PartyCommands() { return kRows; }

}  // namespace motcua::cli
