#pragma once

#include <string>

namespace fairway::testing {

// A socket that listens on a free port of loopback, which it returns as text in `port`.
int ListenOnLoopback(std::string& port);

// A port of loopback that was free when it was looked for, for a server that cannot choose one.
std::string FreePort();

}  // namespace fairway::testing
