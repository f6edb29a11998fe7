// The history of one dossier as process mining wants it: moments in order of time, each with the
// objects that it concerns, and the objects with their values over time. Made of the events that
// were accepted, in their order, by the same fold that the services run (cases::Apply).
//
//   CaseHistory history(code, options);
//   history.Add(*event, bytes, effective);   // each accepted event
//   history.Finish();
//
// Which legs and shipment a moment concerns is what the fold changed, not a list of payloads: an
// event that the contract gains relates to what it does. Each moment relates to its dossier and to
// the receiving unit, so none is without a relation, and each object is related to a moment: what
// is not, readers drop (findings/pm4py-ocel-unrelated.sh). An object occurs once in a moment.
//
// Memory: the events of one dossier. Pure; one thread.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "services/admin/activity.h"
#include "services/domain/cases/dossier.h"
#include "services/domain/cases/events.h"

namespace motcua::admin {

struct HistoryOptions {
  ExportLanguage language = ExportLanguage::kEnglish;
  // A dossier taken over from an older register: by the moments that the register recorded, opened
  // and closed, instead of the moments at which the register was read.
  bool recorded_times = false;
};

struct Relation {
  std::string object;
  std::string qualifier;
  friend bool operator==(const Relation&, const Relation&) = default;
};

struct Moment {
  std::string id;  // DOSSIER/VERSION: of the accepted event
  std::string activity;
  // The oneof's field in the contract, "dossier_received"; empty: not known to this program.
  std::string payload;
  ZonedTime time;
  cases::ActorId actor;
  cases::UnitCode unit;  // at which it happened
  cases::Version version = 0;
  std::vector<Attribute> attributes;
  std::vector<Relation> relations;
};

struct TimedAttribute {
  Attribute attribute;
  ZonedTime from;
  friend bool operator==(const TimedAttribute&, const TimedAttribute&) = default;
};
struct CaseObject {
  std::string id;
  std::string_view type;                   // one of kObjectTypes
  std::vector<TimedAttribute> attributes;  // ascending by time
  std::vector<Relation> relations;         // to other objects
};

struct ObjectType {
  std::string_view name;
  std::vector<AttributeDeclaration> attributes;
};
const std::vector<ObjectType>& ObjectTypes();

class CaseHistory {
 public:
  CaseHistory(cases::DossierCode code, HistoryOptions options);

  // `bytes` as they stand in the log, `effective` the instant that counts.
  void Add(const cases::CaseEvent& event, std::string_view bytes, Instant effective);
  // Puts the moments in order of time; those of one instant stay in order of the log.
  void Finish();

  const cases::Dossier& dossier() const { return dossier_; }
  const std::vector<Moment>& moments() const { return moments_; }
  std::vector<CaseObject> objects() const;

 private:
  void AddRecorded(const cases::Dossier& before, const Moment& moment);
  void Relate(const cases::Dossier& before, Moment& moment);
  void RelateLegs(const cases::Dossier& before, Moment& moment);
  // Once each; the first qualifier stays.
  void RelateTo(Moment& moment, const std::string& object, std::string_view qualifier);
  CaseObject& ObjectOf(const std::string& id, std::string_view type);
  // Notes a value where it differs from the last one.
  void Note(CaseObject& object, std::string_view name, AttributeValue value, const ZonedTime& from);
  void Connect(CaseObject& from, const std::string& to, std::string_view qualifier);
  void NoteObjects(const Moment& moment);

  const HistoryOptions options_;
  const cases::UnitCode unit_;  // that received it
  cases::Dossier dossier_;
  std::vector<Moment> moments_;
  std::map<std::string, CaseObject> objects_;
};

}  // namespace motcua::admin
