#pragma once

#include <functional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"

#include "libs/base/deadline.h"

// For the .cc files of this folder.
namespace fairway::postgres {

struct Resolved {
  absl::Status status;
  std::vector<std::string> addresses;  // "192.0.2.1", "2001:db8::1"
};

// Looks one name up, blocking for as long as that takes. Called by several threads at a time.
using NameLookup = std::function<Resolved(const std::string& name)>;
// By way of getaddrinfo().
Resolved LookUpName(const std::string& name);

// The addresses of each name, in the order of the names. A resolver cannot be interrupted, so names
// (what is an address already needs no resolver) are looked up on threads of their own, and what
// they find too late is dropped: at `deadline`, or, once one name was found, `others_max` after the
// start. DEADLINE_EXCEEDED, CANCELLED or UNAVAILABLE stand in for what was not found.
std::vector<Resolved> ResolveAll(const std::vector<std::string>& names, absl::Duration others_max,
                                 const Deadline& deadline, const NameLookup& look_up = LookUpName);

}  // namespace fairway::postgres
