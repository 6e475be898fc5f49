#pragma once

#include <google/protobuf/descriptor.h>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

namespace fairway::rpc {

struct MessageRules {
  // Fields at all depths, each packed number counted as one. A message takes about 100 bytes of
  // memory for each field besides its own length, so this bounds it before it is parsed.
  int fields_max;
  // Whether fields that `type` does not have, or has in another form, are let through.
  bool unknown_fields_allowed = false;
  // Whether a field that is not repeated may come more than once (the last one counts).
  bool repetition_allowed = false;
};

// Looks at an encoded message of `type` before it is parsed, without allocating anything.
// INVALID_REQUEST, which names the field and the message, for what the rules do not allow and for
// bytes that are no message; text that is not UTF-8 is found by the parser alone.
absl::Status CheckMessage(const google::protobuf::Descriptor& type, absl::string_view bytes,
                          const MessageRules& rules);

}  // namespace fairway::rpc
