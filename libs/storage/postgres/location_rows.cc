#include "libs/storage/postgres/location_rows.h"

#include <pqxx/result>
#include <pqxx/transaction_base>

#include <utility>

#include "absl/strings/str_cat.h"

#include "libs/base/status_macros.h"
#include "libs/domain/error_details.h"

namespace fairway {

absl::StatusOr<StoredLocations> ReadLocations(pqxx::transaction_base& tx) {
  std::vector<Region> regions;
  for (const pqxx::row row :
       tx.exec("SELECT region.slug, region.name, parent.slug FROM fairway.regions AS region "
               "LEFT JOIN fairway.regions AS parent ON parent.id = region.parent")) {
    regions.push_back({.slug = row[0].c_str(), .name = row[1].c_str()});
    if (!row[2].is_null()) regions.back().parent = row[2].c_str();
  }
  std::vector<Port> ports;
  for (const pqxx::row row :
       tx.exec("SELECT port.id, port.code, port.name, region.slug FROM fairway.ports AS port "
               "JOIN fairway.regions AS region ON region.id = port.parent")) {
    ASSIGN_OR_RETURN(const PortCode code, PortCode::Parse(row[1].c_str()));
    ports.push_back({.id = row[0].as<PortId>(),
                     .code = code,
                     .name = row[2].c_str(),
                     .parent = row[3].c_str()});
  }
  return StoredLocations{.regions = std::move(regions), .ports = std::move(ports)};
}

absl::StatusOr<LocationTree> ReadLocationTree(pqxx::transaction_base& tx,
                                              const VersionId& version) {
  ASSIGN_OR_RETURN(StoredLocations stored, ReadLocations(tx));
  auto tree = LocationTree::Build(std::move(stored.regions), std::move(stored.ports), version);
  // Not the fault of whoever asks; whoever runs the service is told what to mend.
  if (!tree.ok()) {
    return MakeError(absl::StatusCode::kInternal,
                     absl::StrCat("the stored locations: ", tree.status().message()),
                     {.reason = "STORED_LOCATIONS_INVALID"});
  }
  return tree;
}

absl::StatusOr<std::shared_ptr<const LocationTree>> LocationTreeCache::Get(
    pqxx::transaction_base& tx, const VersionId& version) {
  if (version.identity != 0) {
    const std::lock_guard lock(mutex_);
    if (tree_ != nullptr && tree_->version() == version) return tree_;
  }
  ASSIGN_OR_RETURN(LocationTree tree, ReadLocationTree(tx, version));
  auto shared = std::make_shared<const LocationTree>(std::move(tree));
  // A slower reader may bring an older tree back: the next one reads again.
  const std::lock_guard lock(mutex_);
  tree_ = shared;
  return shared;
}

}  // namespace fairway
