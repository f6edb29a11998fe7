#include "tests/tidy/code.h"

#include <algorithm>
#include <array>
#include <cctype>

namespace motcua::tidy {
namespace {

bool IsNameChar(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_'; }
bool IsBlank(char c) { return std::isspace(static_cast<unsigned char>(c)) != 0; }

// Walks over a text and blanks what is not code.
class Blanker {
 public:
  explicit Blanker(std::string_view text) : text_(text), code_(text) {}

  std::string Run() {
    while (at_ < text_.size()) {
      if (At("//")) {
        BlankTo(text_.find('\n', at_));
      } else if (At("/*")) {
        BlankBehind("*/", at_ + 2);
      } else if (At("R\"") && !AfterName()) {
        const std::size_t open = text_.find('(', at_);
        const std::string_view mark = text_.substr(at_ + 2, open - at_ - 2);
        BlankBehind(")" + std::string(mark) + "\"", open);
      } else if (text_[at_] == '"') {
        BlankLiteral('"');
      } else if (text_[at_] == '\'' && !AfterName()) {  // else a separator, as in 1'000
        BlankLiteral('\'');
      } else {
        ++at_;
      }
    }
    return std::move(code_);
  }

 private:
  bool At(std::string_view word) const { return text_.substr(at_).starts_with(word); }
  bool AfterName() const { return at_ > 0 && IsNameChar(text_[at_ - 1]); }

  void BlankTo(std::size_t end) {
    end = std::min(end, text_.size());
    for (; at_ < end; ++at_) {
      if (text_[at_] != '\n') code_[at_] = ' ';
    }
  }
  void BlankBehind(std::string_view closing, std::size_t from) {
    const std::size_t found = text_.find(closing, from);
    BlankTo(found == std::string_view::npos ? found : found + closing.size());
  }
  void BlankLiteral(char quote) {
    std::size_t end = at_ + 1;
    while (end < text_.size() && text_[end] != quote && text_[end] != '\n') {
      end += text_[end] == '\\' ? 2U : 1U;
    }
    BlankTo(end + 1);
  }

  std::string_view text_;
  std::string code_;
  std::size_t at_ = 0;
};

std::string_view TrimBlanks(std::string_view text) {
  while (!text.empty() && IsBlank(text.front())) text.remove_prefix(1);
  while (!text.empty() && IsBlank(text.back())) text.remove_suffix(1);
  return text;
}

// `head` without what stands in brackets, and without its own `template <…>`.
std::string WithoutBrackets(std::string_view head) {
  std::string rest;
  int depth = 0;
  int angle = 0;
  const bool is_template = head.starts_with("template");
  for (const char c : head) {
    if (is_template && rest.size() <= std::string_view("template ").size() + 1) {
      angle += c == '<' ? 1 : 0;
      if (c == '>' && angle > 0) {
        --angle;
        continue;
      }
      if (angle > 0) continue;
    }
    if (c == ')' || c == ']') --depth;
    if (depth == 0) rest.push_back(c);
    if (c == '(' || c == '[') ++depth;
  }
  constexpr std::string_view kTemplate = "template";
  if (is_template) rest.erase(0, kTemplate.size());
  return std::string(TrimBlanks(rest));
}

enum class Brace { kScope, kFunction, kMember, kOther };

// What the brace after `head` opens, at the level of namespaces and classes.
Brace Judge(std::string_view head) {
  const std::string rest = WithoutBrackets(head);
  static constexpr std::array<std::string_view, 7> kScopeWords = {
      "namespace ", "class ", "struct ", "union ", "enum ", "extern", "inline namespace "};
  if (rest == "namespace") return Brace::kScope;
  for (const std::string_view word : kScopeWords) {
    if (rest.starts_with(word)) return Brace::kScope;
  }
  if (head.find('(') == std::string_view::npos) return Brace::kOther;
  const bool is_operator = rest.find("operator") != std::string::npos;
  if (rest.find('=') != std::string::npos && !is_operator) return Brace::kOther;
  // A constructor's list of members: the brace behind a name of it is not the body.
  std::string without_paths = rest;
  for (std::size_t at = 0; (at = without_paths.find("::")) != std::string::npos;) {
    without_paths.erase(at, 2);
  }
  const bool in_members = without_paths.find(':') != std::string::npos && !is_operator;
  if (in_members && IsNameChar(TrimBlanks(rest).back())) return Brace::kMember;
  return Brace::kFunction;
}

std::size_t MatchingBrace(std::string_view code, std::size_t open) {
  int depth = 0;
  for (std::size_t at = open; at < code.size(); ++at) {
    if (code[at] == '{') ++depth;
    if (code[at] == '}' && --depth == 0) return at;
  }
  return code.size() - 1;
}

// Whether the colon at `at` is the one of `public:`.
bool EndsAccessLabel(std::string_view code, std::size_t at) {
  if (code[at] != ':') return false;
  const std::string_view before = code.substr(0, at);
  return before.ends_with("public") || before.ends_with("protected") || before.ends_with("private");
}

// Preprocessor lines have braces of their own.
void BlankDirectives(std::string& code) {
  bool inside = false;
  std::size_t begin = 0;
  while (begin < code.size()) {
    std::size_t end = code.find('\n', begin);
    end = end == std::string::npos ? code.size() : end;
    const std::string_view line = std::string_view(code).substr(begin, end - begin);
    inside = inside || TrimBlanks(line).starts_with('#');
    const bool goes_on = inside && line.ends_with('\\');
    if (inside) std::fill_n(code.begin() + static_cast<std::ptrdiff_t>(begin), line.size(), ' ');
    inside = goes_on;
    begin = end + 1;
  }
}

}  // namespace

std::string CodeOnly(std::string_view text) { return Blanker(text).Run(); }

std::size_t LineAt(std::string_view text, std::size_t position) {
  const std::string_view before = text.substr(0, position);
  return 1 + static_cast<std::size_t>(std::count(before.begin(), before.end(), '\n'));
}

std::vector<std::size_t> FindWord(std::string_view code, std::string_view word) {
  std::vector<std::size_t> found;
  for (std::size_t at = code.find(word); at != std::string_view::npos;
       at = code.find(word, at + 1)) {
    const bool starts = at == 0 || !IsNameChar(code[at - 1]) || !IsNameChar(word.front());
    const std::size_t end = at + word.size();
    const bool ends = end == code.size() || !IsNameChar(code[end]) || !IsNameChar(word.back());
    if (starts && ends) found.push_back(at);
  }
  return found;
}

std::vector<Include> IncludesOf(std::string_view text) {
  std::vector<Include> includes;
  std::size_t number = 0;
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    std::string_view line = TrimBlanks(text.substr(0, end));
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    ++number;
    if (!line.starts_with("#include")) continue;
    line = TrimBlanks(line.substr(std::string_view("#include").size()));
    const std::size_t close = line.find(line.starts_with('<') ? '>' : '"', 1);
    if (line.empty() || close == std::string_view::npos) continue;
    includes.push_back({std::string(line.substr(1, close - 1)), line.front() == '<', number});
  }
  return includes;
}

std::vector<Function> FunctionsOf(std::string_view text) {
  std::string code = CodeOnly(text);
  BlankDirectives(code);
  const std::string_view view = code;
  std::vector<Function> functions;
  std::size_t head_begin = 0;
  for (std::size_t at = 0; at < view.size(); ++at) {
    if (view[at] == ';' || view[at] == '}' || EndsAccessLabel(view, at)) head_begin = at + 1;
    if (view[at] != '{') continue;
    const std::string_view head = TrimBlanks(view.substr(head_begin, at - head_begin));
    const Brace brace = Judge(head);
    if (brace == Brace::kScope) {
      head_begin = at + 1;
      continue;
    }
    const std::size_t close = MatchingBrace(view, at);
    if (brace == Brace::kFunction) {
      const auto head_at = static_cast<std::size_t>(head.data() - view.data());
      functions.push_back({std::string(head), LineAt(view, head_at), LineAt(view, close)});
    }
    at = close;
    if (brace != Brace::kMember) head_begin = close + 1;
  }
  return functions;
}

}  // namespace motcua::tidy
