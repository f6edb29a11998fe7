// The order of Vietnamese names. Pure; any thread.
#pragma once

#include <string>
#include <string_view>

namespace motcua {

// Texts whose keys ascend as bytes stand in the order of the Vietnamese alphabet: ă â đ ê ô ơ ư
// after the letters that they are made of, and only where all letters are equal by tone: none,
// huyền, hỏi, ngã, sắc, nặng. So Da Dà Dả Dã Dá Dạ Doãn Dung Dũng Duy Dương Đa Đăng Đức. Capitals
// and small letters are equal, and so are hoà and hòa.
std::string OrderKey(std::string_view text);

}  // namespace motcua
