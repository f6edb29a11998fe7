// Goal: what a snapshot and a store say about themselves is read back as it was written, and
// anything else is refused with the reason.
// Method: round trips, and a table of spoiled texts.
#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "services/admin/snapshot.h"
#include "services/platform/host/store_format.h"

namespace motcua::admin {
namespace {

const host::StoreFormat kFormat{"motcua-state-3/events-2", "intake",
                                "0123456789abcdef0123456789abcdef", 2};

TEST(StoreFormat, IsReadAsItWasWritten) {
  const std::string text = ToText(kFormat);
  EXPECT_EQ(text, "motcua-state-3/events-2/intake/0123456789abcdef0123456789abcdef/2");
  EXPECT_EQ(host::ParseStoreFormat(text), kFormat);
}

TEST(StoreFormat, HasTheIndexOfTheServiceAfterTheState) {
  const std::string state = "motcua-state-3/events-2";
  EXPECT_EQ(host::RowsFormatOf(state, ""), state);
  host::StoreFormat format = kFormat;
  EXPECT_TRUE(host::HasStateFormat(format, state));
  format.rows = host::RowsFormatOf(state, "cells-1.21");
  EXPECT_EQ(ToText(format),
            "motcua-state-3/events-2/cells-1.21/intake/0123456789abcdef0123456789abcdef/2");
  EXPECT_EQ(host::ParseStoreFormat(ToText(format)), format);
  EXPECT_TRUE(host::HasStateFormat(format, state));
  EXPECT_FALSE(host::HasStateFormat(format, "motcua-state-3/events-20"));
  EXPECT_FALSE(host::HasStateFormat(format, "motcua-state-3/events"));
}

TEST(StoreFormat, RefusesWhatIsNotAServicesStore) {
  for (const char* text :
       {"", "3", "a/b/c", "rows/intake/id/x", "rows/intake/id/2x", "rows/intake/id/70000",
        "/intake/id/2", "rows//id/2", "rows/intake//2"}) {
    EXPECT_EQ(host::ParseStoreFormat(text), std::nullopt) << text;
  }
}

SnapshotManifest Sample() {
  return {kFormat, {17, 0}, {{"CURRENT", 16, "00112233aabbccdd"}, {"000012.sst", 4096, "01"}}};
}

TEST(Manifest, IsReadAsItWasWritten) {
  const auto parsed = ParseManifest(ToJson(Sample()));
  ASSERT_TRUE(parsed.ok()) << parsed.status().ToString();
  EXPECT_EQ(*parsed, Sample());
}

TEST(Manifest, RefusesWhatIsSpoiled) {
  const std::string whole = ToJson(Sample());
  const std::vector<std::pair<std::string, std::string>> spoils = {
      {"motcua-snapshot-1", "motcua-snapshot-2"},
      {"\"format\"", "\"formal\""},
      {"/2\"", "/3\""},        // more partitions than offsets
      {"17", "-17"},           // no offset
      {"17", "\"17\""},        //
      {"CURRENT", "../LOCK"},  // a way out of the folder
      {"CURRENT", ""},
      {"CURRENT", ".."},
      {"CURRENT", "motcua-snapshot.json"},
      {"4096", "-1"},
      {"\"xxh3\"", "\"md5\""},
      {"\"files\"", "\"fires\""},
  };
  for (const auto& [from, to] : spoils) {
    std::string text = whole;
    const std::size_t at = text.find(from);
    ASSERT_NE(at, std::string::npos) << from;
    text.replace(at, from.size(), to);
    EXPECT_EQ(ParseManifest(text).status().reason(), Reason::kFileInvalid) << text;
  }
  EXPECT_EQ(ParseManifest(whole.substr(0, whole.size() / 2)).status().reason(),
            Reason::kFileInvalid);
  EXPECT_EQ(ParseManifest("[]").status().reason(), Reason::kFileInvalid);
}

}  // namespace
}  // namespace motcua::admin
