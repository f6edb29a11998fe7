// A drawing as inline SVG, for paper: no scripts, shapes by class, so that colours are in one place
// (page.cc). Pure; one thread.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace motcua::halong {

// For text and attributes of HTML and SVG.
std::string Escape(std::string_view text);

enum class Anchor { kStart, kMiddle, kEnd };

class Svg {
 public:
  // `sentence` says what the drawing shows, for those who do not see it.
  Svg(int width, int height, std::string_view sentence);

  void Rect(double x, double y, double width, double height, std::string_view type);
  void Line(double x1, double y1, double x2, double y2, std::string_view type);
  void Polyline(const std::vector<std::pair<double, double>>& points, std::string_view type);
  void Dot(double x, double y, std::string_view type);
  void Text(double x, double y, std::string_view text, std::string_view type = "",
            Anchor anchor = Anchor::kStart);

  std::string Take() &&;

 private:
  std::string out_;
};

}  // namespace motcua::halong
