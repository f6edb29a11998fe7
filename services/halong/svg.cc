#include "services/halong/svg.h"

#include <cstdio>

namespace motcua::halong {
namespace {

constexpr double kDotRadius = 3.5;

// One decimal is finer than paper.
std::string Number(double value) {
  char text[32];
  const int size = std::snprintf(text, sizeof text, "%.1f", value);
  return {text, static_cast<std::size_t>(size)};
}

std::string Attribute(std::string_view name, double value) {
  return " " + std::string(name) + "=\"" + Number(value) + "\"";
}

std::string Class(std::string_view type) {
  return type.empty() ? std::string() : " class=\"" + std::string(type) + "\"";
}

}  // namespace

std::string Escape(std::string_view text) {
  std::string out;
  for (const char c : text) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      default:
        out.push_back(c);
    }
  }
  return out;
}

Svg::Svg(int width, int height, std::string_view sentence)
    : out_("<svg viewBox=\"0 0 " + std::to_string(width) + " " + std::to_string(height) +
           "\" role=\"img\" aria-label=\"" + Escape(sentence) + "\">\n") {}

void Svg::Rect(double x, double y, double width, double height, std::string_view type) {
  out_ += "<rect" + Class(type) + Attribute("x", x) + Attribute("y", y) +
          Attribute("width", width) + Attribute("height", height) + "/>\n";
}

void Svg::Line(double x1, double y1, double x2, double y2, std::string_view type) {
  out_ += "<line" + Class(type) + Attribute("x1", x1) + Attribute("y1", y1) + Attribute("x2", x2) +
          Attribute("y2", y2) + "/>\n";
}

void Svg::Polyline(const std::vector<std::pair<double, double>>& points, std::string_view type) {
  out_ += "<polyline" + Class(type) + " points=\"";
  for (const auto& [x, y] : points) out_ += Number(x) + "," + Number(y) + " ";
  out_ += "\"/>\n";
}

void Svg::Dot(double x, double y, std::string_view type) {
  out_ += "<circle" + Class(type) + Attribute("cx", x) + Attribute("cy", y) +
          Attribute("r", kDotRadius) + "/>\n";
}

void Svg::Text(double x, double y, std::string_view text, std::string_view type, Anchor anchor) {
  constexpr std::string_view kAnchors[] = {"start", "middle", "end"};
  out_ += "<text" + Class(type) + Attribute("x", x) + Attribute("y", y) + " text-anchor=\"" +
          std::string(kAnchors[static_cast<std::size_t>(anchor)]) + "\">" + Escape(text) +
          "</text>\n";
}

std::string Svg::Take() && { return std::move(out_) + "</svg>\n"; }

}  // namespace motcua::halong
