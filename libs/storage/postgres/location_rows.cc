#include "libs/storage/postgres/location_rows.h"

#include <pqxx/result>
#include <pqxx/transaction_base>

#include <utility>

#include "absl/strings/str_cat.h"

#include "libs/base/status_macros.h"
#include "libs/domain/error_details.h"

namespace fairway {
namespace {

// Not the caller's fault, so its status and reason must not reach the caller; the message says what
// to mend.
absl::Status StoredLocationsInvalidError(absl::string_view why) {
  return MakeError(absl::StatusCode::kInternal, absl::StrCat("the stored locations: ", why),
                   {.reason = "STORED_LOCATIONS_INVALID"});
}

}  // namespace

absl::StatusOr<PortCode> ReadPortCode(const pqxx::field& field) {
  const absl::string_view text(field.c_str(), field.size());
  const absl::StatusOr<PortCode> code = PortCode::Parse(text);
  if (code.ok()) return code;
  return absl::DataLossError(absl::StrCat("\"", text, "\" is no port code"));
}

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
    const absl::StatusOr<PortCode> code = ReadPortCode(row[1]);
    if (!code.ok()) return StoredLocationsInvalidError(code.status().message());
    ports.push_back({.id = row[0].as<PortId>(),
                     .code = *code,
                     .name = row[2].c_str(),
                     .parent = row[3].c_str()});
  }
  return StoredLocations{.regions = std::move(regions), .ports = std::move(ports)};
}

absl::StatusOr<LocationTree> ReadLocationTree(pqxx::transaction_base& tx,
                                              const VersionId& version) {
  ASSIGN_OR_RETURN(StoredLocations stored, ReadLocations(tx));
  auto tree = LocationTree::Build(std::move(stored.regions), std::move(stored.ports), version);
  if (!tree.ok()) return StoredLocationsInvalidError(tree.status().message());
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
