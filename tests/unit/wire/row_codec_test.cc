// Goal: a state row gives back the very state that was written, and a damaged one is noticed.
// Method: random dossiers and books; every truncation; flipped bits (no crash; RocksDB's checksums
// are what notices them); sizes printed as they count for the disk.
#include <gtest/gtest.h>

#include "services/wire/codec.h"
#include "tests/support/sample_events.h"

namespace motcua::wire {
namespace {

const WireCodec kCodec;

TEST(RowCodec, CarriesEveryDossierUnchanged) {
  testing::Random random(3);
  for (int i = 0; i < 2000; ++i) {
    const cases::Dossier dossier = testing::RandomDossier(random);
    const Result<cases::Dossier> back =
        kCodec.DecodeDossier(dossier.code, kCodec.EncodeDossier(dossier));
    ASSERT_TRUE(back.ok()) << back.status().ToString();
    ASSERT_EQ(cases::Print(*back), cases::Print(dossier));
    ASSERT_EQ(*back, dossier);
  }
}

TEST(RowCodec, CarriesAMissedDateByEitherVerdict) {
  testing::Random random(6);
  for (const bool by_date : {false, true}) {
    cases::Dossier dossier = testing::RandomDossier(random);
    const ZonedTime due = dossier.received;
    dossier.clock.missed = {due, {due.instant + std::chrono::hours(30), UtcOffset{-300}}};
    dossier.clock.missed_by_date.reset();
    if (by_date) dossier.clock.missed_by_date = dossier.clock.missed;
    const Result<cases::Dossier> back =
        kCodec.DecodeDossier(dossier.code, kCodec.EncodeDossier(dossier));
    ASSERT_TRUE(back.ok()) << back.status().ToString();
    EXPECT_EQ(*back, dossier);
  }
}

TEST(RowCodec, CarriesBooks) {
  const cases::RememberedRequest request{cases::DeriveRequestId("a"), 7, 70'000};
  for (const bool understood : {true, false}) {
    cases::Book book;
    book.head = {70'000, cases::Tip(0xFEDCBA9876543210)};
    book.requests = {request};
    book.understood = understood;
    book.numbers = {{2025, 1}, {2026, 4'000'000'000}};
    const Result<cases::Book> back = kCodec.DecodeBook(kCodec.EncodeBook(book));
    ASSERT_TRUE(back.ok());
    EXPECT_EQ(*back, book);
  }
}

TEST(RowCodec, CarriesManifests) {
  cases::Manifest manifest;
  manifest.head = {7, cases::Tip(0xFEDCBA9876543210)};
  manifest.requests = {{cases::DeriveRequestId("a"), 7, 7}};
  manifest.carrier = "vnpost";
  manifest.opened = *ParseZonedTime("2026-01-05T08:00:00+07:00");
  const auto comes_back = [&] {
    const auto back = kCodec.DecodeManifest(kCodec.EncodeManifest(manifest));
    ASSERT_TRUE(back.ok());
    EXPECT_EQ(*back, manifest);
    EXPECT_EQ(cases::Print(*back), cases::Print(manifest));
    const std::string bytes = kCodec.EncodeManifest(manifest);
    for (std::size_t size = 0; size < bytes.size(); ++size) {
      EXPECT_EQ(kCodec.DecodeManifest(bytes.substr(0, size)).status().reason(),
                Reason::kStoreDamaged);
    }
  };
  comes_back();
  manifest.state = cases::ManifestState::kHandedOver;
  manifest.closed = *ParseZonedTime("2026-01-05T08:30:00+07:00");
  manifest.handed_over = *ParseZonedTime("2026-01-05T09:00:00.000001+07:00");
  manifest.items = {{cases::DossierCode("000.23.10.H49-260105-0001"), "EX123456785VN",
                     cases::ManifestItemState::kSkipped},
                    {cases::DossierCode("000.23.10.H49-260105-0002"), "EX123456794VN",
                     cases::ManifestItemState::kListed}};
  manifest.trace = *ParseTraceparent("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01");
  manifest.understood = false;
  comes_back();
}

TEST(RowCodec, PaysForATraceOnlyWhereThereIsOne) {
  cases::CaseEvent event = testing::OneOfEachEvent().front();
  LeafOf<cases::DossierReceived>(event.payload).clock.provisional = false;  // a flag of its own
  const auto row_of = [&] {
    cases::Dossier dossier;
    cases::Apply(dossier, event, event.steps.front(), event.at.instant, cases::Tip(1),
                 {.clock = true, .route = true, .trace = true});
    return kCodec.EncodeDossier(dossier).size();
  };
  const std::size_t plain = row_of();
  event.trace = *ParseTraceparent("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01");
  // Trace id, parent id, flags, and one byte more of the row's own flags.
  EXPECT_EQ(row_of(), plain + 16 + 8 + 1 + 1);
}

TEST(RowCodec, NoticesEveryTruncation) {
  testing::Random random(4);
  for (int i = 0; i < 50; ++i) {
    const cases::Dossier dossier = testing::RandomDossier(random);
    const std::string bytes = kCodec.EncodeDossier(dossier);
    for (std::size_t size = 0; size < bytes.size(); ++size) {
      const Result<cases::Dossier> back =
          kCodec.DecodeDossier(dossier.code, std::string_view(bytes).substr(0, size));
      ASSERT_EQ(back.status().reason(), Reason::kStoreDamaged) << size << " of " << bytes.size();
    }
  }
}

TEST(RowCodec, NeverFailsOnFlippedBits) {
  testing::Random random(5);
  for (int i = 0; i < 3000; ++i) {
    const cases::Dossier dossier = testing::RandomDossier(random);
    std::string bytes = kCodec.EncodeDossier(dossier);
    bytes[random() % bytes.size()] ^= static_cast<char>(1U << (random() % 8));
    const Result<cases::Dossier> back = kCodec.DecodeDossier(dossier.code, bytes);
    if (!back.ok()) {
      EXPECT_EQ(back.status().reason(), Reason::kStoreDamaged);
    }
  }
}

TEST(RowCodec, KeepsThePlainRowSmall) {
  // What a fold writes per received dossier decides the rate (architecture.md §7).
  constexpr std::size_t kPlainRowBytesMax = 160;
  for (const cases::CaseEvent& event : testing::OneOfEachEvent()) {
    const auto* received = LeafIf<cases::DossierReceived>(event.payload);
    if (received == nullptr) continue;
    cases::Dossier dossier;
    cases::Apply(dossier, event, event.steps.front(), event.at.instant, cases::Tip(1),
                 {true, false, false});
    EXPECT_LE(kCodec.EncodeDossier(dossier).size(), kPlainRowBytesMax);
  }
}

}  // namespace
}  // namespace motcua::wire
