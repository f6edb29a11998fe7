#include "services/domain/cases/notes.h"

#include <algorithm>
#include <cstddef>

#include "services/base/bytes.h"
#include "services/domain/cases/aggregates.h"
#include "services/domain/cases/register.h"

namespace motcua::cases {
namespace {

constexpr std::size_t kDigestBytes = 8;

std::string Prefixed(char letter, const UnitCode& unit) {
  std::string key(1, letter);
  key.append(unit.value()).push_back(kNoteSeparator);
  return key;
}

// Under which id it is remembered what created the dossier: the request, or its case's id in the
// register that it was imported from, which later rows of that register have too.
std::string CreationKey(const CaseEvent& event, const UnitCode& unit) {
  const auto* const imported = LeafIf<DossierImported>(event.payload);
  if (imported == nullptr || imported->source_id.empty()) {
    return RequestKey(unit, event.request_id);
  }
  return RequestKey(unit, RecordId(imported->source, imported->source_id));
}

}  // namespace

std::string DayKey(const UnitCode& unit, CivilDate day) {
  std::string key = Prefixed(kDayNoteLetter, unit);
  AppendBigEndian(key, static_cast<std::uint32_t>(day.days), 4);
  return key;
}

std::string RequestKey(const UnitCode& unit, const RequestId& id) {
  std::string key = Prefixed(kRequestNoteLetter, unit);
  for (const std::uint8_t byte : id.bytes) key.push_back(static_cast<char>(byte));
  return key;
}

std::string NumberNote(std::uint32_t number) {
  std::string note;
  AppendLittleEndian(note, number);
  return note;
}

Result<std::uint32_t> LastNumber(NoteView& notes, const UnitCode& unit, CivilDate day) {
  MOTCUA_ASSIGN_OR_RETURN(const std::optional<std::string> note, notes.FindNote(DayKey(unit, day)));
  return note ? static_cast<std::uint32_t>(ReadLittleEndian(*note)) : 0U;
}

std::string CreationNote(const CreatedBy& created) {
  std::string note;
  AppendLittleEndian(note, created.digest);
  return note + created.id.path();
}

Result<std::optional<CreatedBy>> FindCreation(NoteView& notes, const UnitCode& unit,
                                              const RequestId& id) {
  MOTCUA_ASSIGN_OR_RETURN(const std::optional<std::string> note,
                          notes.FindNote(RequestKey(unit, id)));
  if (!note) return std::optional<CreatedBy>();
  const std::string_view path =
      std::string_view(*note).substr(std::min(kDigestBytes, note->size()));
  return std::optional<CreatedBy>({ReadLittleEndian(*note), AggregateId::FromPath(path)});
}

Result<std::vector<Note>> NotesOf(NoteView& notes, const CaseEvent& event, const Parts& parts) {
  std::vector<Note> written;
  if (HoldsLeaf<ManifestOpened>(event.payload) && parts.manifests) {
    written.push_back({RequestKey(event.about().unit(), event.request_id),
                       CreationNote({event.request_digest, event.about()}), false});
    return written;
  }
  const Step* const book = event.StepOn(AggregateKind::kBook);
  if (book == nullptr || event.dossier.empty()) return written;
  const UnitCode unit = book->id.unit();
  const DossierNumber taken = NumberOf(event.dossier);
  MOTCUA_ASSIGN_OR_RETURN(const std::uint32_t last, LastNumber(notes, unit, taken.day));
  if (CountsOnDay(event, last)) {
    // A recorded code of an imported dossier may lie anywhere; the day goes on after the highest.
    written.push_back({DayKey(unit, taken.day), NumberNote(std::max(last, taken.sequence)), true});
  }
  if (parts.creations) {
    written.push_back({CreationKey(event, unit),
                       CreationNote({event.request_digest, event.steps.front().id}), false});
  }
  return written;
}

// A number that its day has not reached was never given: most look-ups are of new dossiers, and
// this one costs no read. Recorded numbers beyond do not move the day's counter.
Result<bool> NeverThere(NoteView& notes, const AggregateId& id) {
  if (id.kind() != AggregateKind::kDossier) return false;
  const DossierNumber number = NumberOf(DossierCode(id.name()));
  MOTCUA_ASSIGN_OR_RETURN(const std::uint32_t last, LastNumber(notes, id.unit(), number.day));
  return number.sequence > last && number.sequence <= kSequenceRecordedMax;
}

}  // namespace motcua::cases
