#include "services/admin/case_history.h"

#include <google/protobuf/descriptor.h>

#include <algorithm>
#include <utility>

#include "motcua/events/v1/case_event.pb.h"

namespace motcua::admin {
namespace {

constexpr std::string_view kDossier = "dossier";
constexpr std::string_view kUnit = "unit";
constexpr std::string_view kLeg = "leg";
constexpr std::string_view kShipment = "shipment";
constexpr std::string_view kBook = "register_book";

constexpr std::string_view kTakenBack = "event_taken_back";

// What an imported dossier's moments are called when they are told as its register recorded them.
constexpr std::string_view kRecordedOpened = "recorded_received";
constexpr std::string_view kRecordedClosed = "recorded_closed";
constexpr std::pair<std::string_view, std::string_view> kOpenedNames = {"Received (as recorded)",
                                                                        "Tiếp nhận (theo sổ cũ)"};
constexpr std::pair<std::string_view, std::string_view> kClosedNames = {"Closed (as recorded)",
                                                                        "Kết thúc (theo sổ cũ)"};

std::string Lower(std::string_view text) {
  std::string lower(text);
  for (char& c : lower) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return lower;
}

std::string LegId(const cases::DossierCode& code, std::size_t number) {
  return code.value() + "/leg/" + std::to_string(number);
}
std::string ShipmentId(const cases::DossierCode& code) { return code.value() + "/shipment"; }
std::string BookId(const cases::UnitCode& unit, std::int32_t year) {
  return unit.value() + "/book/" + std::to_string(year);
}

// Alone of all payloads the post's reports may change nothing and still be about the shipment: a
// scan that came late.
bool IsOfShipment(std::string_view payload) {
  return payload.starts_with("shipment_") || payload.starts_with("delivery_");
}

// The leg that an attribute names: "leg", "alert_leg".
std::optional<std::int64_t> LegNamed(const Moment& moment) {
  for (const Attribute& attribute : moment.attributes) {
    if (attribute.name != "leg" && !attribute.name.ends_with("_leg")) continue;
    if (const auto* number = std::get_if<std::int64_t>(&attribute.value)) return *number;
  }
  return std::nullopt;
}

const Attribute* Find(const Moment& moment, std::string_view name) {
  const auto found = std::find_if(moment.attributes.begin(), moment.attributes.end(),
                                  [&](const Attribute& a) { return a.name == name; });
  return found == moment.attributes.end() ? nullptr : &*found;
}

}  // namespace

const std::vector<ObjectType>& ObjectTypes() {
  static const std::vector<ObjectType> kTypes = {
      {kDossier,
       {{"procedure", AttributeType::kString},
        {"procedure_name", AttributeType::kString},
        {"field", AttributeType::kString},
        {"channel", AttributeType::kString},
        {"return_mode", AttributeType::kString},
        {"register_number", AttributeType::kInteger},
        {"stage", AttributeType::kString},
        {"due", AttributeType::kTime},
        {"outcome", AttributeType::kString}}},
      {kUnit, {}},
      {kLeg,
       {{"number", AttributeType::kInteger},
        {"stage", AttributeType::kInteger},
        {"lead", AttributeType::kBoolean},
        {"term", AttributeType::kString},
        {"state", AttributeType::kString},
        {"due", AttributeType::kTime}}},
      {kShipment,
       {{"item_number", AttributeType::kString},
        {"carrier", AttributeType::kString},
        {"state", AttributeType::kString}}},
      {kBook, {{"year", AttributeType::kInteger}}},
  };
  return kTypes;
}

CaseHistory::CaseHistory(cases::DossierCode code, HistoryOptions options)
    : options_(options), unit_(cases::UnitOf(code)) {
  dossier_.code = std::move(code);
}

void CaseHistory::Add(const cases::CaseEvent& event, std::string_view bytes, Instant effective) {
  const cases::Dossier before = dossier_;
  cases::Apply(dossier_, event, event.steps.front(), effective, cases::Tip(),
               {.clock = true, .route = true, .shipment = true, .trace = false});
  events::v1::CaseEvent message;
  Moment moment;
  moment.time = {effective, event.at.offset};
  moment.actor = event.actor;
  moment.version = dossier_.head.version;
  moment.id = dossier_.code.value() + "/" + std::to_string(moment.version);
  moment.activity = UnknownActivityName(options_.language);
  // What the fold does not apply, not even in part, is not told in part either.
  if (!HoldsLeaf<cases::UnknownPayload>(event.payload) &&
      message.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()))) {
    Activity activity = ActivityOf(message, event.at.offset, options_.language);
    moment.activity = std::move(activity.name);
    moment.attributes = std::move(activity.attributes);
    const auto& payloads = *message.GetDescriptor()->FindOneofByName("payload");
    if (const auto* field = message.GetReflection()->GetOneofFieldDescriptor(message, &payloads)) {
      moment.payload = field->name();
    }
  }
  Relate(before, moment);
  NoteObjects(moment);
  if (options_.recorded_times &&
      (moment.payload == "dossier_imported" || moment.payload == "record_updated")) {
    AddRecorded(before, moment);
  } else {
    moments_.push_back(std::move(moment));
  }
}

void CaseHistory::AddRecorded(const cases::Dossier& before, const Moment& moment) {
  const bool vietnamese = options_.language == ExportLanguage::kVietnamese;
  const auto add = [&](std::string_view payload, const auto& names, const ZonedTime& time) {
    Moment recorded = moment;
    recorded.payload = payload;
    recorded.id += "/" + std::string(payload);
    recorded.activity = vietnamese ? names.second : names.first;
    recorded.time = time;
    moments_.push_back(std::move(recorded));
  };
  if (!before.origin) {
    add(kRecordedOpened, kOpenedNames, dossier_.received);
  } else if (before.origin->taken_up) {
    return;  // what its register says later does not count any more
  }
  std::erase_if(moments_, [](const Moment& earlier) { return earlier.payload == kRecordedClosed; });
  if (dossier_.closed) add(kRecordedClosed, kClosedNames, *dossier_.closed);
}

void CaseHistory::Finish() {
  std::stable_sort(moments_.begin(), moments_.end(), [](const Moment& a, const Moment& b) {
    return a.time.instant < b.time.instant;
  });
}

void CaseHistory::RelateTo(Moment& moment, const std::string& object, std::string_view qualifier) {
  const bool known = std::any_of(moment.relations.begin(), moment.relations.end(),
                                 [&](const Relation& r) { return r.object == object; });
  if (!known) moment.relations.push_back({object, std::string(qualifier)});
}

void CaseHistory::Relate(const cases::Dossier& before, Moment& moment) {
  moment.unit = unit_;
  RelateTo(moment, dossier_.code.value(), "case");
  RelateTo(moment, unit_.value(), "receiving unit");
  if (before.register_year == 0 && dossier_.register_year != 0) {
    RelateTo(moment, BookId(unit_, dossier_.register_year), "entered in");
  }
  RelateLegs(before, moment);
  const bool sent = dossier_.shipment.state != postal::ShipmentState::kNone;
  if ((sent || moment.payload == kTakenBack) &&
      (dossier_.shipment != before.shipment || IsOfShipment(moment.payload))) {
    RelateTo(moment, ShipmentId(dossier_.code), Lower(codes::Name(dossier_.shipment.state)));
  }
}

void CaseHistory::RelateLegs(const cases::Dossier& before, Moment& moment) {
  const std::vector<routing::Leg>& legs = dossier_.route.legs;
  const std::optional<std::int64_t> named = LegNamed(moment);
  for (std::size_t i = 0; i < legs.size(); ++i) {
    const bool is_new = i >= before.route.legs.size();
    const bool is_named = named == static_cast<std::int64_t>(i) + 1;
    if (!is_new && !is_named && before.route.legs[i] == legs[i]) continue;
    const bool moved = !is_new && before.route.legs[i].state != legs[i].state;
    RelateTo(moment, LegId(dossier_.code, i + 1),
             is_new  ? "planned"
             : moved ? Lower(codes::Name(legs[i].state))
                     : std::string(is_named ? "about" : "due date"));
    RelateTo(moment, legs[i].unit.value(), is_new ? "planned unit" : "handling unit");
    if (is_named && !is_new) moment.unit = legs[i].unit;
  }
  // Who hands over, acts; the leg's own unit has it from the acknowledgement on.
  if (const Attribute* from = Find(moment, "from")) {
    if (const auto* sender = std::get_if<std::string>(&from->value)) {
      RelateTo(moment, *sender, "sending unit");
      moment.unit = cases::UnitCode(*sender);
    }
  }
}

CaseObject& CaseHistory::ObjectOf(const std::string& id, std::string_view type) {
  CaseObject& object = objects_[id];
  object.id = id;
  object.type = type;
  return object;
}

void CaseHistory::Note(CaseObject& object, std::string_view name, AttributeValue value,
                       const ZonedTime& from) {
  const auto last = std::find_if(object.attributes.rbegin(), object.attributes.rend(),
                                 [&](const TimedAttribute& a) { return a.attribute.name == name; });
  if (last != object.attributes.rend() && last->attribute.value == value) return;
  const auto* text = std::get_if<std::string>(&value);
  if (last == object.attributes.rend() && text != nullptr && text->empty()) return;
  object.attributes.push_back({{std::string(name), std::move(value)}, from});
}

void CaseHistory::Connect(CaseObject& from, const std::string& to, std::string_view qualifier) {
  const Relation relation = {to, std::string(qualifier)};
  if (std::find(from.relations.begin(), from.relations.end(), relation) == from.relations.end()) {
    from.relations.push_back(relation);
  }
}

// Every object of which the moment changes something; the values stand from the moment on.
void CaseHistory::NoteObjects(const Moment& moment) {
  CaseObject& dossier = ObjectOf(dossier_.code.value(), kDossier);
  const ZonedTime& from = moment.time;
  for (const std::string_view name :
       {"procedure", "procedure_name", "field", "channel", "return_mode", "outcome"}) {
    if (const Attribute* attribute = Find(moment, name)) {
      // The outcome of a leg is not yet the dossier's.
      if (name != "outcome" || !LegNamed(moment)) Note(dossier, name, attribute->value, from);
    }
  }
  // It says of nothing how it is now, and takes back what other events said.
  const bool taken_back = moment.payload == kTakenBack;
  if (taken_back && dossier_.outcome == cases::Outcome::kNone) {
    Note(dossier, "outcome", std::string(), from);
  }
  if (dossier_.register_number != 0) {
    Note(dossier, "register_number", std::int64_t{dossier_.register_number}, from);
  }
  Note(dossier, "stage",
       options_.language == ExportLanguage::kVietnamese ? std::string(codes::Label(dossier_.stage))
                                                        : Lower(codes::Name(dossier_.stage)),
       from);
  if (dossier_.clock.now.due) Note(dossier, "due", *dossier_.clock.now.due, from);
  ObjectOf(unit_.value(), kUnit);
  Connect(dossier, unit_.value(), "received by");
  if (dossier_.register_year != 0) {
    CaseObject& book = ObjectOf(BookId(unit_, dossier_.register_year), kBook);
    // Of all its dossiers alike: the same from the beginning of time.
    Note(book, "year", std::int64_t{dossier_.register_year}, ZonedTime{});
    Connect(book, unit_.value(), "kept by");
    Connect(dossier, book.id, "entered in");
  }
  for (std::size_t i = 0; i < dossier_.route.legs.size(); ++i) {
    const routing::Leg& leg = dossier_.route.legs[i];
    CaseObject& object = ObjectOf(LegId(dossier_.code, i + 1), kLeg);
    Note(object, "number", static_cast<std::int64_t>(i) + 1, from);
    Note(object, "stage", std::int64_t{leg.stage}, from);
    Note(object, "lead", leg.lead, from);
    Note(object, "term", FormatTerm(leg.term), from);
    Note(object, "state", Lower(codes::Name(leg.state)), from);
    if (leg.due) Note(object, "due", *leg.due, from);
    ObjectOf(leg.unit.value(), kUnit);
    Connect(dossier, object.id, "has leg");
    Connect(object, leg.unit.value(), "handled by");
  }
  if (const Attribute* sender = Find(moment, "from")) {
    if (const auto* unit = std::get_if<std::string>(&sender->value)) ObjectOf(*unit, kUnit);
  }
  if (dossier_.shipment.state != postal::ShipmentState::kNone ||
      (taken_back && objects_.contains(ShipmentId(dossier_.code)))) {
    CaseObject& object = ObjectOf(ShipmentId(dossier_.code), kShipment);
    Note(object, "item_number", dossier_.shipment.item_number, from);
    Note(object, "carrier", dossier_.shipment.carrier, from);
    Note(object, "state", Lower(codes::Name(dossier_.shipment.state)), from);
    Connect(dossier, object.id, "result sent as");
  }
}

std::vector<CaseObject> CaseHistory::objects() const {
  std::vector<CaseObject> objects;
  objects.reserve(objects_.size());
  for (const auto& [id, object] : objects_) objects.push_back(object);
  return objects;
}

}  // namespace motcua::admin
