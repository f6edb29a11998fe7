// Lines that gRPC and protobuf write by themselves go through the process's log: one entry each, in
// its format, instead of lines of their own on standard error. Any thread; again: no effect.
#pragma once

namespace motcua::rpc {

void TakeLibraryLog();

}  // namespace motcua::rpc
