// Visitor made of lambdas, so that a new alternative of a variant does not compile until every
// place handles it.
//
//   std::visit(Overloaded{[](const A&) {…}, [](const B&) {…}}, variant);
#pragma once

namespace motcua {

template <typename... Fs>
struct Overloaded : Fs... {
  using Fs::operator()...;
};
template <typename... Fs>
Overloaded(Fs...) -> Overloaded<Fs...>;

}  // namespace motcua
