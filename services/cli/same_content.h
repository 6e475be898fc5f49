#pragma once

#include "fairway/v1/batch.pb.h"

#include "services/cli/session.h"

namespace fairway::cli {

// Says on standard error when the partner had committed the content of a new batch before, under
// another id: then its prices count twice. Looks at the newest 1,000 batches, once; where they
// cannot be had, it says nothing.
void WarnOfSameContent(Session& session, const v1::Batch& batch);

}  // namespace fairway::cli
