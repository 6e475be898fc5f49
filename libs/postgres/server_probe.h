#pragma once

#include "libs/base/deadline.h"
#include "libs/postgres/connection_options.h"

struct pg_conn;

// For the .cc files of this folder.
namespace fairway::postgres {

// Whether the server of a connection still answers clients: asks the very one for another session,
// because its name may belong to another server by now. A refusal is an answer. False after
// `deadline`, or its cancellation.
bool ServerAnswers(const pg_conn* connection, const ConnectionOptions& options,
                   const Deadline& deadline);

}  // namespace fairway::postgres
