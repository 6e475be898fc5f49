#pragma once

#include "libs/base/deadline.h"
#include "libs/postgres/connection_options.h"

struct pg_conn;

// For the .cc files of this folder.
namespace fairway::postgres {

// Whether the server of a connection still answers clients: asks it for another session. A refusal
// is an answer, and that nobody accepts the connection is none: a server that hangs has a queue of
// them, which becomes full. False after `deadline`, or its cancellation.
bool ServerAnswers(const pg_conn* connection, const ConnectionOptions& options,
                   const Deadline& deadline);

}  // namespace fairway::postgres
