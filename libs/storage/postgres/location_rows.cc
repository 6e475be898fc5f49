#include "libs/storage/postgres/location_rows.h"

#include <pqxx/result>
#include <pqxx/transaction_base>
#include <utility>

#include "libs/base/status_macros.h"

namespace fairway {

absl::StatusOr<LocationTree> ReadLocationTree(pqxx::transaction_base& tx,
                                              const VersionId& version) {
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
  return LocationTree::Build(std::move(regions), std::move(ports), version);
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
