#include "services/cli/same_content.h"

#include <iostream>

#include "libs/domain/limits.h"

namespace fairway::cli {

void WarnOfSameContent(Session& session, const v1::Batch& batch) {
  v1::ListBatchesRequest request;
  request.set_partner(batch.partner());
  request.add_states(v1::BATCH_STATE_COMMITTED);
  request.set_page_size(limits::kPageSizeMax);
  v1::ListBatchesResponse response;
  if (!session.ingest().ListBatches(session.NewContext().get(), request, &response).ok()) return;
  for (const v1::Batch& other : response.batches()) {
    if (other.digest() != batch.digest() || other.batch_id() == batch.batch_id()) continue;
    std::cerr << "warning: the same prices are committed as " << other.partner() << "/"
              << other.batch_id() << ", too: each of them counts once more now\n";
    return;
  }
}

}  // namespace fairway::cli
