#pragma once

#include <cstdint>
#include <memory>

#include "libs/base/deadline.h"
#include "libs/postgres/binary_rows.h"
#include "libs/postgres/copy_session.h"
#include "libs/postgres/copy_session_pool.h"
#include "libs/postgres/pool.h"
#include "libs/storage/batch_store.h"
#include "libs/storage/postgres/batch_store_times.h"

namespace fairway {

// BatchWriter over PostgreSQL, in two transactions (docs/adr/0003): T1 is one long COPY on the
// session that holds the batch's advisory lock; T2 is small, on the pool, and makes all of it
// visible. Owns the session until its end, borrows the pools. One thread at a time.
class PostgresBatchWriter final : public BatchWriter {
 public:
  PostgresBatchWriter(postgres::Pool* pool, postgres::CopySessionPool* sessions,
                      std::unique_ptr<postgres::CopySession> session, BatchKey key, int64_t id,
                      const Deadline& deadline, const BatchStoreTimes& times);
  ~PostgresBatchWriter() override;

  absl::Status Append(const SeriesRun& run) override;
  absl::StatusOr<BatchRecord> Commit(const BatchContent& content,
                                     const VersionId& locations) override;
  absl::Status End(BatchState state, const absl::Status& why, const BatchContent& received,
                   const RowErrorSummary& errors) override;

 private:
  absl::Status BeginCopy();
  absl::Status WriteSeries(const Series& series);
  absl::Status FinishCopy();
  absl::StatusOr<int64_t> CountLanes();
  absl::StatusOr<BatchRecord> MakeVisible(const BatchContent& content, const VersionId& locations);

  postgres::Pool* const pool_;
  postgres::CopySessionPool* const sessions_;
  std::unique_ptr<postgres::CopySession> session_;
  const BatchKey key_;
  const int64_t id_;
  const Deadline deadline_;
  const BatchStoreTimes times_;
  postgres::BinaryRows rows_;
  bool copying_ = false;
  int32_t run_number_ = 0;
};

}  // namespace fairway
