#pragma once

#include "libs/base/deadline.h"
#include "libs/postgres/connection_options.h"
#include "libs/postgres/copy_session_pool.h"
#include "libs/postgres/notification_listener.h"
#include "libs/postgres/pool.h"
#include "libs/storage/dataset_source.h"
#include "libs/storage/postgres/location_rows.h"

namespace fairway {

// DatasetSource over PostgreSQL. Versions are read on the pool; readers and the listener have
// sessions of their own. Borrows the pool and must outlive its readers. Thread-safe, with one
// caller of AwaitCommit at a time.
class PostgresDatasetSource final : public DatasetSource {
 public:
  PostgresDatasetSource(postgres::Pool* pool, const postgres::ConnectionOptions& connection);

  absl::StatusOr<DatasetState> ReadState(const Deadline& deadline) override;
  using DatasetSource::ReadChanges;
  absl::StatusOr<DatasetChanges> ReadChanges(const VersionId& after, bool tree_alone,
                                             const Deadline& deadline) override;
  absl::StatusOr<std::unique_ptr<SeriesReader>> OpenReader(const VersionId& version,
                                                           const Deadline& deadline) override;
  absl::Status AwaitCommit(const Deadline& deadline) override;

 private:
  postgres::Pool* const pool_;
  postgres::CopySessionPool sessions_;
  postgres::NotificationListener listener_;
  LocationTreeCache cache_;
};

}  // namespace fairway
