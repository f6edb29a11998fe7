#include "services/wire/party_codec.h"

#include <optional>
#include <utility>

#include "motcua/parties/v1/party.pb.h"
#include "services/wire/contract_codes.h"

namespace motcua::wire {
namespace {

namespace pb = parties::v1;
using people::Party;

constexpr int kYearMin = 1900;
constexpr int kYearMax = 2199;

std::string Path(std::string_view list, std::size_t index, std::string_view field) {
  return std::string(list) + "[" + std::to_string(index) + "]." + std::string(field);
}

// The first error of a party, and whether there was one.
class Reading {
 public:
  void Refuse(const std::string& field, std::string_view what) {
    if (status_.ok()) status_ = FieldError(field, what);
  }
  template <typename E, typename Wire>
  void Code(Wire wire, const std::string& field, E& code) {
    if (const std::optional<E> known = codes::FromNumber<E>(static_cast<int>(wire))) {
      code = *known;
    } else {
      Refuse(field, static_cast<int>(wire) == 0 ? "is missing" : "is not in the list");
    }
  }
  void Day(bool has, const common::v1::Date& wire, const std::string& field,
           std::optional<CivilDate>& day) {
    if (!has) return;
    if (wire.year() < kYearMin || wire.year() > kYearMax || wire.month() < 1 || wire.month() > 12 ||
        wire.day() < 1 || wire.day() > DaysInMonth(wire.year(), wire.month())) {
      return Refuse(field, "is no day of the years 1900 to 2199");
    }
    day = MakeDate(wire.year(), wire.month(), wire.day());
  }
  void Id(const std::string& wire, const std::string& field, people::PartyId& id) {
    const auto parsed = people::ParsePartyId(wire);
    if (!parsed.ok()) return Refuse(field, "is no id of a party");
    id = *parsed;
  }
  const Status& status() const { return status_; }

 private:
  Status status_;
};

template <typename Set>
void WriteDay(const std::optional<CivilDate>& day, const Set& set) {
  if (!day) return;
  common::v1::Date& wire = *set();
  const YearMonthDay parts = Split(*day);
  wire.set_year(parts.year);
  wire.set_month(parts.month);
  wire.set_day(parts.day);
}

template <typename E>
typename codes::Contract<E>::Enum Code(E value) {
  return static_cast<typename codes::Contract<E>::Enum>(value);
}

void WriteNumbers(const Party& party, pb::Party& wire) {
  for (const people::Number& number : party.numbers) {
    pb::PartyNumber& one = *wire.add_numbers();
    one.set_kind(Code(number.kind));
    one.set_number(number.text);
    WriteDay(number.valid.from, [&] { return one.mutable_from_date(); });
    WriteDay(number.valid.to, [&] { return one.mutable_to_date(); });
  }
}

void WriteAddresses(const Party& party, pb::Party& wire) {
  for (const people::Address& address : party.addresses) {
    pb::PartyAddress& one = *wire.add_addresses();
    one.set_kind(Code(address.kind));
    one.set_street(address.street);
    one.set_ward(address.ward);
    one.set_district(address.district);
    one.set_province(address.province);
    one.set_place_id(address.place_id);
  }
}

void WriteAuthorisations(const Party& party, pb::Party& wire) {
  for (const people::Authorisation& authorisation : party.authorisations) {
    pb::Authorisation& one = *wire.add_authorisations();
    one.set_principal(people::FormatPartyId(authorisation.principal));
    one.set_document(authorisation.document);
    WriteDay(authorisation.valid.from, [&] { return one.mutable_from_date(); });
    WriteDay(authorisation.valid.to, [&] { return one.mutable_to_date(); });
  }
}

void ReadNumbers(Reading& reading, const pb::Party& wire, Party& party) {
  for (int i = 0; i < wire.numbers_size(); ++i) {
    const pb::PartyNumber& one = wire.numbers(i);
    const auto at = [&](std::string_view field) {
      return Path("numbers", static_cast<std::size_t>(i), field);
    };
    people::Number& number = party.numbers.emplace_back();
    reading.Code(one.kind(), at("kind"), number.kind);
    number.text = one.number();
    reading.Day(one.has_from_date(), one.from_date(), at("from_date"), number.valid.from);
    reading.Day(one.has_to_date(), one.to_date(), at("to_date"), number.valid.to);
  }
}

void ReadAddresses(Reading& reading, const pb::Party& wire, Party& party) {
  for (int i = 0; i < wire.addresses_size(); ++i) {
    const pb::PartyAddress& one = wire.addresses(i);
    people::Address& address = party.addresses.emplace_back();
    reading.Code(one.kind(), Path("addresses", static_cast<std::size_t>(i), "kind"), address.kind);
    address.street = one.street();
    address.ward = one.ward();
    address.district = one.district();
    address.province = one.province();
    address.place_id = one.place_id();
  }
}

void ReadAuthorisations(Reading& reading, const pb::Party& wire, Party& party) {
  for (int i = 0; i < wire.authorisations_size(); ++i) {
    const pb::Authorisation& one = wire.authorisations(i);
    const auto at = [&](std::string_view field) {
      return Path("authorisations", static_cast<std::size_t>(i), field);
    };
    people::Authorisation& authorisation = party.authorisations.emplace_back();
    reading.Id(one.principal(), at("principal"), authorisation.principal);
    authorisation.document = one.document();
    reading.Day(one.has_from_date(), one.from_date(), at("from_date"), authorisation.valid.from);
    reading.Day(one.has_to_date(), one.to_date(), at("to_date"), authorisation.valid.to);
  }
}

// So that a message of millions of empty parts costs nothing.
Status CheckCounts(const pb::Party& wire) {
  const auto check = [](int count, std::size_t most, std::string_view field) {
    if (static_cast<std::size_t>(count) <= most) return OkStatus();
    return Status(Reason::kLimitExceeded,
                  std::string(field) + ": at most " + std::to_string(most) + " are kept",
                  {{"field", std::string(field)}, {"limit", std::to_string(most)}});
  };
  MOTCUA_RETURN_IF_ERROR(check(wire.other_names_size(), people::kOtherNamesMax, "other_names"));
  MOTCUA_RETURN_IF_ERROR(check(wire.numbers_size(), people::kNumbersMax, "numbers"));
  MOTCUA_RETURN_IF_ERROR(check(wire.phones_size(), people::kPhonesMax, "phones"));
  MOTCUA_RETURN_IF_ERROR(check(wire.addresses_size(), people::kAddressesMax, "addresses"));
  return check(wire.authorisations_size(), people::kAuthorisationsMax, "authorisations");
}

}  // namespace

void ToProto(const Party& party, pb::Party& wire) {
  if (!party.id.empty()) wire.set_party(people::FormatPartyId(party.id));
  wire.set_version(party.version);
  wire.set_kind(Code(party.kind));
  wire.set_name(party.name);
  for (const std::string& name : party.other_names) wire.add_other_names(name);
  if (party.birth) {
    wire.mutable_birth()->set_year(party.birth->year);
    wire.mutable_birth()->set_month(party.birth->month);
    wire.mutable_birth()->set_day(party.birth->day);
  }
  wire.set_sex(Code(party.sex));
  WriteNumbers(party, wire);
  for (const std::string& phone : party.phones) wire.add_phones(phone);
  WriteAddresses(party, wire);
  wire.set_email(party.email);
  WriteAuthorisations(party, wire);
}

Result<Party> FromProto(const pb::Party& wire) {
  MOTCUA_RETURN_IF_ERROR(CheckCounts(wire));
  Party party;
  Reading reading;
  if (!wire.party().empty()) reading.Id(wire.party(), "party", party.id);
  party.version = wire.version();
  reading.Code(wire.kind(), "kind", party.kind);
  party.name = wire.name();
  party.other_names.assign(wire.other_names().begin(), wire.other_names().end());
  if (wire.has_birth()) {
    party.birth = people::Birth{wire.birth().year(), wire.birth().month(), wire.birth().day()};
  }
  reading.Code(wire.sex(), "sex", party.sex);
  ReadNumbers(reading, wire, party);
  party.phones.assign(wire.phones().begin(), wire.phones().end());
  ReadAddresses(reading, wire, party);
  party.email = wire.email();
  ReadAuthorisations(reading, wire, party);
  MOTCUA_RETURN_IF_ERROR(reading.status());
  return party;
}

std::string EncodeParty(const PartyRecord& record) {
  pb::PartyRecord wire;
  ToProto(record.party, *wire.mutable_record());
  wire.set_digest(record.digest);
  wire.set_first_digest(record.first_digest);
  return wire.SerializeAsString();
}

Result<PartyRecord> DecodeParty(std::string_view bytes) {
  const auto refuse = [](std::string_view what) {
    return Status(Reason::kRecordInvalid, "a record of a party: " + std::string(what));
  };
  if (bytes.size() > kPartyRecordBytesMax) return refuse("is too long");
  pb::PartyRecord wire;
  if (!wire.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()))) {
    return refuse("is no message");
  }
  Result<Party> party = FromProto(wire.record());
  if (!party.ok()) return refuse(party.status().message());
  if (party->id.empty() || party->version == 0) return refuse("has no id or no version");
  // What is stored is normalised; what is not was never stored by this program.
  Party normal = *party;
  const Status fits = people::Normalise(normal);
  if (!fits.ok()) return refuse(fits.message());
  return PartyRecord{std::move(normal), wire.digest(), wire.first_digest()};
}

}  // namespace motcua::wire
