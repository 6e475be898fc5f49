#include "services/ingest/series_pipeline.h"

#include "libs/base/status_macros.h"

namespace fairway::ingest {

SeriesPipeline::SeriesPipeline(BatchWriter* writer)
    : writer_(writer), thread_([this] { Write(); }) {}

SeriesPipeline::~SeriesPipeline() { Stop(); }

absl::Status SeriesPipeline::Take(SeriesRunBuilder& builder) {
  SeriesRun& run = runs_[next_run_];
  builder.TakeInto(run);
  for (size_t i = 0; i < run.series_count(); ++i) lanes_.insert(run.series(i).lane);
  absl::MutexLock lock(&mutex_);
  RETURN_IF_ERROR(AwaitWritten());
  pending_ = &run;
  next_run_ = 1 - next_run_;
  return absl::OkStatus();
}

absl::Status SeriesPipeline::Finish() {
  absl::Status status;
  {
    absl::MutexLock lock(&mutex_);
    status = AwaitWritten();
  }
  Stop();
  return status;
}

absl::Status SeriesPipeline::AwaitWritten() {
  mutex_.Await(absl::Condition(this, &SeriesPipeline::IsWaiting));
  return status_;
}

void SeriesPipeline::Stop() {
  if (!thread_.joinable()) return;
  {
    absl::MutexLock lock(&mutex_);
    stop_ = true;
  }
  thread_.join();
}

void SeriesPipeline::Write() {
  while (true) {
    const SeriesRun* run = nullptr;
    {
      absl::MutexLock lock(&mutex_);
      mutex_.Await(absl::Condition(this, &SeriesPipeline::HasWork));
      if (pending_ == nullptr) return;
      run = pending_;
    }
    absl::Status status = writer_->Append(*run);
    absl::MutexLock lock(&mutex_);
    status_.Update(std::move(status));
    pending_ = nullptr;
  }
}

}  // namespace fairway::ingest
