// Goal: whatever bytes a register holds, each old encoding gives the same text however it is cut,
// no reader of dates or headings reads outside, and what is no text of a file is never repeated in
// a refusal of its heading.
#include <cstdint>
#include <string>
#include <string_view>

#include "services/base/check.h"
#include "services/base/text.h"
#include "services/platform/imports/day_first.h"
#include "services/platform/imports/encoding.h"
#include "services/platform/imports/find_heading.h"
#include "services/platform/imports/words.h"

namespace {

using namespace motcua;  // NOLINT(google-build-using-namespace)
using imports::Encoding;

// The first half decides what the file is; the second comes in chunks.
std::string Decode(Encoding encoding, std::string_view bytes, std::size_t chunk) {
  imports::TextDecoder decoder(encoding);
  std::string text;
  const std::size_t half = bytes.size() / 2;
  decoder.Feed(bytes.substr(0, half), text);
  for (std::size_t at = half; at < bytes.size(); at += chunk) {
    decoder.Feed(bytes.substr(at, chunk), text);
  }
  decoder.Finish(text);
  if (decoder.uses_letters_of_named()) MOTCUA_CHECK(IsUtf8(text), "a decoder made no UTF-8");
  return text;
}

void ReadCell(std::string_view cell) {
  for (const imports::DateOrder order :
       {imports::DateOrder::kDayFirst, imports::DateOrder::kMonthFirst}) {
    const auto reading = imports::ReadWrittenTime(cell, order);
    if (!reading) continue;
    const std::string text = FormatDate(reading->date);
    MOTCUA_CHECK(ParseDate(text).ok(), "a date that does not exist was read");
    MOTCUA_CHECK(!reading->time_of_day || (reading->time_of_day->count() >= 0 &&
                                           *reading->time_of_day < std::chrono::hours(24)),
                 "a time that no day has was read");
  }
  static_cast<void>(imports::ReadSerialTime(cell));
  static_cast<void>(imports::SeeOrder(cell));
  static_cast<void>(imports::ShowDateCell(cell));
  static_cast<void>(imports::IsNameDamaged(cell));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  static_cast<void>(imports::DescribeForeignFile(bytes));
  static const Result<imports::Mapping> kMapping = imports::LoadMapping("mau06");
  for (const Encoding encoding :
       {Encoding::kUtf8, Encoding::kWindows1258, Encoding::kTcvn3, Encoding::kVni}) {
    const std::string text = Decode(encoding, bytes, bytes.size() + 1);
    MOTCUA_CHECK(Decode(encoding, bytes, 1) == text, "cut into single bytes the text differs");
    MOTCUA_CHECK(Decode(encoding, bytes, 3) == text, "cut into threes the text differs");
    static_cast<void>(imports::FindHeading(*kMapping, text, true).ok());
    if (IsUtf8(text)) ReadCell(text);
  }
  return 0;
}
