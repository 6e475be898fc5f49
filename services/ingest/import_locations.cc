#include "services/ingest/import_locations.h"

#include <string>

#include "absl/strings/str_cat.h"

#include "libs/base/status_macros.h"
#include "libs/domain/errors.h"
#include "libs/domain/limits.h"

namespace fairway::ingest {
namespace {

absl::Status CheckName(absl::string_view field, absl::string_view code, absl::string_view name) {
  if (name.empty()) {
    return InvalidRequestError(field, absl::StrCat("the name of ", code, " is empty"));
  }
  if (name.size() > limits::kLocationNameBytesMax) {
    return InvalidRequestError(field, absl::StrCat("the name of ", code, " is longer than ",
                                                   limits::kLocationNameBytesMax, " bytes"));
  }
  if (name.find('\0') != absl::string_view::npos) {
    return InvalidRequestError(field, absl::StrCat("the name of ", code, " holds a NUL"));
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<LocationImport> ImportLocations(LocationStore& locations,
                                               const LocationChanges& changes,
                                               const Deadline& deadline) {
  const size_t count = changes.regions.size() + changes.ports.size();
  if (count == 0) return InvalidRequestError("regions", "there is nothing to import");
  if (count > limits::kImportLocationsMax) {
    return TooManyLocationsError(limits::kImportLocationsMax);
  }
  for (size_t i = 0; i < changes.regions.size(); ++i) {
    const Region& region = changes.regions[i];
    RETURN_IF_ERROR(CheckName(absl::StrCat("regions[", i, "].name"), region.slug, region.name));
  }
  for (size_t i = 0; i < changes.ports.size(); ++i) {
    const Port& port = changes.ports[i];
    RETURN_IF_ERROR(CheckName(absl::StrCat("ports[", i, "].name"), port.code.view(), port.name));
  }
  return locations.Import(changes, deadline);
}

}  // namespace fairway::ingest
