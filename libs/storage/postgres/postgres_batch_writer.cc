#include "libs/storage/postgres/postgres_batch_writer.h"

#include <pqxx/result>
#include <pqxx/stream_to>
#include <pqxx/transaction_base>

#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/time/clock.h"

#include "libs/base/pause.h"
#include "libs/base/status_macros.h"
#include "libs/base/storable_text.h"
#include "libs/base/utf8_prefix.h"
#include "libs/domain/errors.h"
#include "libs/postgres/errors.h"
#include "libs/postgres/transaction.h"
#include "libs/storage/postgres/attempt_cleanup.h"
#include "libs/storage/postgres/batch_rows.h"
#include "libs/storage/postgres/claim_lock.h"
#include "libs/storage/postgres/prepared.h"
#include "libs/storage/postgres/read_in_snapshot.h"
#include "libs/storage/postgres/status.h"
#include "libs/storage/postgres/version_rows.h"

namespace fairway {
namespace {

constexpr absl::string_view kCopySeries =
    "COPY fairway.price_series (batch, origin, destination, run, price_count, days, prices) "
    "FROM STDIN (FORMAT binary)";

constexpr absl::Duration kCommitRetryPause = absl::Milliseconds(250);
// The errors of a batch are kept for a client that disconnected, too; but the shutdown of the
// service waits for this.
constexpr absl::Duration kEndTimeout = absl::Seconds(5);
constexpr absl::Duration kReleaseTimeout = absl::Seconds(1);

// Not prepared: a plan that was made while the table was small would read all of it.
int64_t CountStoredPrices(pqxx::transaction_base& tx, int64_t id) {
  return tx
      .exec_params1(
          "SELECT coalesce(sum(price_count), 0) FROM fairway.price_series "
          "WHERE batch = $1",
          id)[0]
      .as<int64_t>();
}

int64_t CountStoredLanes(pqxx::transaction_base& tx, int64_t id) {
  return tx
      .exec_params1(
          "SELECT count(*) FROM (SELECT DISTINCT origin, destination FROM fairway.price_series "
          "WHERE batch = $1) AS lanes",
          id)[0]
      .as<int64_t>();
}

// Takes the lock of the dataset row late: every commit waits for it.
absl::StatusOr<BatchRecord> CommitBatch(pqxx::transaction_base& tx, int64_t id,
                                        const BatchContent& content) {
  ASSIGN_OR_RETURN(const MadeVersion made, MakeNextVersion(tx, CommitKind::kCommit, id));
  const std::string first_day = content.days ? FormatDay(content.days->first) : "";
  const std::string last_day = content.days ? FormatDay(content.days->last) : "";
  const pqxx::result rows =
      ExecPrepared(tx, "commit_batch",
                   absl::StrCat("UPDATE fairway.batches SET state = 'COMMITTED', "
                                "  commit_time = $7::timestamptz, committed_version = $8, "
                                "  row_count = $2, lane_count = $3, "
                                "  first_day = nullif($4::text, '')::date, "
                                "  last_day = nullif($5::text, '')::date, digest = $6 "
                                "WHERE id = $1 RETURNING ",
                                kBatchColumns),
                   id, content.row_count, content.lane_count, first_day, last_day, content.digest,
                   TimeParameter(made.time), made.id.number);
  if (rows.empty())
    return absl::DataLossError(absl::StrCat("batch ", id, " is not stored any more"));
  ASSIGN_OR_RETURN(BatchRow batch, ReadBatch(rows[0]));
  return std::move(batch.record);
}

void StoreErrors(pqxx::transaction_base& tx, int64_t id, const std::vector<RowError>& errors) {
  pqxx::stream_to stream(
      tx, "fairway.batch_errors",
      std::vector<std::string>{"batch", "position", "row_index", "field", "reason", "value"});
  int32_t position = 0;
  for (const RowError& error : errors) {
    stream << std::make_tuple(id, position++, error.row_index, StorableText(error.field),
                              std::string(RowErrorReasonName(error.reason)),
                              StorableText(error.value));
  }
  stream.complete();
}

}  // namespace

PostgresBatchWriter::PostgresBatchWriter(postgres::Pool* pool, postgres::CopySessionPool* sessions,
                                         std::unique_ptr<postgres::CopySession> session,
                                         BatchKey key, int64_t id, const Deadline& deadline,
                                         const BatchStoreTimes& times)
    : pool_(pool),
      sessions_(sessions),
      session_(std::move(session)),
      key_(std::move(key)),
      id_(id),
      deadline_(deadline),
      times_(times) {}

// A session that is idle again serves the next batch. Closing any other frees its locks.
PostgresBatchWriter::~PostgresBatchWriter() {
  if (!session_->IsIdle()) return;
  session_->set_deadline(absl::Now() + kReleaseTimeout);
  if (!session_->ReleaseAdvisoryLock(ClaimLock(key_)).ok()) return;
  sessions_->GiveBack(std::move(session_));
}

absl::Status PostgresBatchWriter::Append(const SeriesRun& run) {
  RETURN_IF_ERROR(ToStoreStatus(BeginCopy()));
  for (size_t i = 0; i < run.series_count(); ++i) {
    RETURN_IF_ERROR(ToStoreStatus(WriteSeries(run.series(i))));
  }
  ++run_number_;
  return absl::OkStatus();
}

absl::Status PostgresBatchWriter::BeginCopy() {
  if (copying_) return absl::OkStatus();
  // pglz, PostgreSQL's default, takes several times as long to unpack. A setting of the
  // transaction, because altering the columns waits for every upload that runs.
  RETURN_IF_ERROR(session_->BeginCompressing("lz4"));
  RETURN_IF_ERROR(session_->BeginCopy(kCopySeries));
  copying_ = true;
  return absl::OkStatus();
}

absl::Status PostgresBatchWriter::WriteSeries(const Series& series) {
  rows_.BeginRow(7);
  rows_.AddInt8(id_);
  rows_.AddInt4(series.lane.origin);
  rows_.AddInt4(series.lane.destination);
  rows_.AddInt4(run_number_);
  rows_.AddInt4(static_cast<int32_t>(series.prices.size()));
  rows_.AddDateArray(series.day_numbers);
  rows_.AddInt4Array(series.prices);
  if (!rows_.full()) return absl::OkStatus();
  RETURN_IF_ERROR(session_->Write(rows_.bytes()));
  rows_.Clear();
  return absl::OkStatus();
}

// T1: all prices are stored, for a batch that is not visible yet.
absl::Status PostgresBatchWriter::FinishCopy() {
  if (!copying_) return absl::OkStatus();
  RETURN_IF_ERROR(session_->Write(rows_.bytes()));
  rows_.Clear();
  RETURN_IF_ERROR(session_->EndCopy().status());
  copying_ = false;
  return session_->Commit();
}

absl::StatusOr<BatchRecord> PostgresBatchWriter::Commit(const BatchContent& received,
                                                        const VersionId& locations) {
  RETURN_IF_ERROR(ToStoreStatus(FinishCopy()));
  BatchContent content = received;
  if (content.lane_count == kLanesUncounted) {  // Now: T2 must not take so long.
    ASSIGN_OR_RETURN(content.lane_count, CountLanes());
  }
  const Deadline give_up = deadline_.NotAfter(absl::Now() + times_.commit_max);
  // MakeVisible first looks for the result of an earlier attempt, so running it again resolves an
  // outcome that was lost with a connection.
  while (true) {
    absl::StatusOr<BatchRecord> record = MakeVisible(content, locations);
    if (record.ok()) return record;
    const bool retryable = absl::IsUnavailable(record.status()) ||
                           absl::IsUnknown(record.status()) ||
                           absl::IsDeadlineExceeded(record.status());
    if (!retryable || !deadline_.Check().ok()) return ToStoreStatus(record.status());
    if (absl::Now() + kCommitRetryPause >= give_up.time()) {
      return WithCause(DatabaseUnavailableError("it does not end a commit"),
                       record.status().ToString());
    }
    Pause(kCommitRetryPause, give_up);
  }
}

absl::StatusOr<int64_t> PostgresBatchWriter::CountLanes() {
  return ReadInSnapshot(*pool_, deadline_,
                        [&](pqxx::transaction_base& tx) -> absl::StatusOr<int64_t> {
                          return CountStoredLanes(tx, id_);
                        });
}

// T2. A commit that is still running on a lost connection holds the row, so this waits for it.
absl::StatusOr<BatchRecord> PostgresBatchWriter::MakeVisible(const BatchContent& content,
                                                             const VersionId& locations) {
  const auto commit = [&](pqxx::transaction_base& tx) -> absl::StatusOr<BatchRecord> {
    ASSIGN_OR_RETURN(const std::optional<BatchRow> own, LockBatch(tx, key_));
    if (!own || own->id != id_) return WriterFencedError(key_);
    if (own->record.committed_version) return own->record;
    if (own->record.state != BatchState::kReceiving) return WriterFencedError(key_);
    // Ports are never deleted within a history, so every later tree of it has the same ids.
    if (!IsInHistory(tx, locations)) return LocationsOfLostHistoryError(key_);
    const int64_t stored = CountStoredPrices(tx, id_);
    if (stored != content.row_count) {
      return absl::InternalError(absl::StrCat("batch ", key_.partner, "/", key_.batch_id, ": ",
                                              content.row_count, " prices received, ", stored,
                                              " stored"));
    }
    return CommitBatch(tx, id_, content);
  };
  return postgres::RunTransaction(
      *pool_,
      {.deadline = deadline_.NotAfter(absl::Now() + times_.commit_attempt_max), .attempts_max = 5},
      commit);
}

absl::Status PostgresBatchWriter::End(BatchState state, const absl::Status& why,
                                      const BatchContent& received, const RowErrorSummary& errors) {
  const auto end = [&](pqxx::transaction_base& tx) -> absl::Status {
    ASSIGN_OR_RETURN(const std::optional<BatchRow> own, LockBatch(tx, key_));
    if (!own || own->id != id_ || own->record.state != BatchState::kReceiving) {
      return absl::OkStatus();  // It has ended otherwise.
    }
    ClearAttempt(tx, id_);
    tx.exec_params(
        "UPDATE fairway.batches SET state = $2, row_count = $3, lane_count = $4, digest = $5, "
        "error_count = $6, bad_row_count = $7, error_counts = $8::bigint[], failure_reason = $9, "
        "failure_message = $10, stored_error_count = $11 WHERE id = $1",
        id_, std::string(BatchStateName(state)), received.row_count, received.lane_count,
        received.digest, errors.error_count, errors.bad_row_count,
        absl::StrCat("{", absl::StrJoin(errors.count_by_reason, ","), "}"), ReasonOf(why),
        StorableText(Utf8Prefix(why.message(), limits::kFailureMessageBytesMax)),
        errors.first_errors.size());
    StoreErrors(tx, id_, errors.first_errors);
    if (!errors.first_errors.empty()) DropErrorsBeyondShare(tx, key_.partner);
    return absl::OkStatus();
  };
  // The session stays open: its lock keeps the sweep and other attempts away until this is done.
  return ToStoreStatus(
      postgres::RunTransaction(*pool_, {.deadline = absl::Now() + kEndTimeout}, end));
}

}  // namespace fairway
