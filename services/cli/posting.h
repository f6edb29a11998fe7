// What an office posts of its procedures (niêm yết công khai): as lines, JSON, and a page for A4.
// Pure; one thread.
#pragma once

#include <cstddef>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <vector>

#include "services/domain/catalogue/catalogue.h"

namespace motcua::cli {

// "5 ngày làm việc", "trong ngày làm việc", "1,5 ngày làm việc", "24 giờ".
std::string TermText(const deadline::Term& term);

nlohmann::ordered_json ProcedureJson(const catalogue::Catalogue& catalogue,
                                     const catalogue::Procedure& procedure);
nlohmann::ordered_json UnitJson(const catalogue::Catalogue& catalogue, const catalogue::Unit& unit);

// Lines of at most `width` columns.
std::string ProcedureText(const catalogue::Catalogue& catalogue,
                          const catalogue::Procedure& procedure, std::size_t width);
std::string UnitText(const catalogue::Catalogue& catalogue, const catalogue::Unit& unit,
                     std::size_t width);

// By field and name, in Vietnamese order.
void SortForPosting(std::vector<const catalogue::Procedure*>& procedures);
// A whole page; `on` is the day whose versions they are, nothing for the newest.
std::string PostingHtml(const catalogue::Catalogue& catalogue,
                        const std::vector<const catalogue::Procedure*>& procedures,
                        std::optional<CivilDate> on);

// What both ways of showing a procedure say: heading and value; what is not known is left out.
struct PostedLine {
  std::string heading;
  std::string value;
};
std::vector<PostedLine> PostedLines(const catalogue::Catalogue& catalogue,
                                    const catalogue::Procedure& procedure);
// "Tờ khai (bản chính: 1)".
std::string PaperText(const catalogue::Paper& paper);
// "20/01/2020".
std::string DayText(CivilDate day);

}  // namespace motcua::cli
