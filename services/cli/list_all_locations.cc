#include "services/cli/list_all_locations.h"

#include "libs/base/status_macros.h"
#include "libs/domain/limits.h"
#include "libs/rpc/status.h"
#include "services/cli/page_guard.h"

namespace fairway::cli {

absl::StatusOr<std::vector<v1::Location>> ListAllLocations(Session& session,
                                                           v1::ListLocationsRequest request) {
  constexpr int kPageSize = 1000;
  request.set_page_size(kPageSize);
  request.clear_page_token();
  std::vector<v1::Location> locations;
  PageGuard guard("locations", limits::kLocationsMax);
  do {
    v1::ListLocationsResponse response;
    RETURN_IF_ERROR(rpc::FromGrpcStatus(
        session.query().ListLocations(session.NewContext().get(), request, &response)));
    RETURN_IF_ERROR(
        guard.Add(response.locations_size(), response.ByteSizeLong(), response.next_page_token()));
    locations.insert(locations.end(), response.locations().begin(), response.locations().end());
    request.set_page_token(response.next_page_token());
  } while (!request.page_token().empty());
  return locations;
}

}  // namespace fairway::cli
