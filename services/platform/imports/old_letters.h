// The letters that old encodings and fonts draw in the places of others. `character` is what the
// file holds, as a byte or as the Unicode letter that windows-1252 has in the byte's place.
//
// Pure.
#pragma once

namespace motcua::imports {

// A byte 0x80 to 0x9F as windows-1252 has it; everything else stays.
char32_t LetterOfWindows1252(char32_t character);

// Tones are characters of their own there and combine with the letter before.
char32_t LetterOfWindows1258(char32_t character);

// TCVN 5712:1993 VN3, the fonts .VnTime, .VnArial …. It has no capital letters with a tone: the
// fonts that end in H draw the small ones as capitals, and the file does not say which font.
char32_t LetterOfTcvn3(char32_t character);

// VNI Windows, the fonts VNI-Times …: a letter and then a mark, or one character of its own.
char32_t LetterOfVni(char32_t character);
// Whether a mark may follow.
bool TakesVniMark(char32_t character);
// The letter with its mark; 0 where the two are no letter.
char32_t LetterOfVni(char32_t base, char32_t mark);

}  // namespace motcua::imports
