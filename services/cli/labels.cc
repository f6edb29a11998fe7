// The Vietnamese names of the contract's enum values: they stand in the contract itself. A value
// without one shows its short name.
#include <string>

#include "motcua/common/v1/options.pb.h"
#include "services/cli/fields.h"

namespace motcua::cli {

std::string Label(const EnumValueDescriptor& value) {
  const std::string& label = value.options().GetExtension(common::v1::label_vi);
  return label.empty() ? ShortName(value) : label;
}

}  // namespace motcua::cli
