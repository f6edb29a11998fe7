# embed_bytes(FILE literal bytes): the bytes of FILE as the body of a C++ string literal, escaped in
# short pieces, so that nothing in a file can end it; and how many they are.
function(embed_bytes path literal_out bytes_out)
  file(READ ${path} hex HEX)
  string(LENGTH "${hex}" hex_length)
  math(EXPR bytes "${hex_length} / 2")
  string(REPEAT "." 48 line)  # 24 bytes
  string(REGEX REPLACE "(${line})" "\\1\n" body "${hex}")
  string(REGEX REPLACE "([0-9a-f][0-9a-f])" "\\\\x\\1" body "${body}")
  string(REPLACE "\n" "\"\n    \"" body "${body}")
  set(${literal_out} "${body}" PARENT_SCOPE)
  set(${bytes_out} ${bytes} PARENT_SCOPE)
endfunction()
