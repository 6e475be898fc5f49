#include "services/ingest/series_pipeline.h"

#include "libs/base/status_macros.h"

namespace fairway::ingest {

SeriesPipeline::SeriesPipeline(BatchWriter* writer)
    : writer_(writer), thread_([this] { Write(); }) {}

SeriesPipeline::~SeriesPipeline() { Stop(); }

absl::Status SeriesPipeline::Take(SeriesRunBuilder& builder) {
  SeriesRun& run = runs_[next_run_];
  builder.TakeInto(run);
  for (size_t i = 0; i < run.series_count(); ++i) lanes_.Add(run.series(i).lane);
  std::unique_lock lock(mutex_);
  RETURN_IF_ERROR(AwaitWritten(lock));
  pending_ = &run;
  changed_.notify_all();
  next_run_ = 1 - next_run_;
  return absl::OkStatus();
}

absl::Status SeriesPipeline::Finish() {
  absl::Status status;
  {
    std::unique_lock lock(mutex_);
    status = AwaitWritten(lock);
  }
  Stop();
  return status;
}

absl::Status SeriesPipeline::AwaitWritten(std::unique_lock<std::mutex>& lock) {
  changed_.wait(lock, [this] { return pending_ == nullptr; });
  return status_;
}

void SeriesPipeline::Stop() {
  if (!thread_.joinable()) return;
  {
    const std::lock_guard lock(mutex_);
    stop_ = true;
  }
  changed_.notify_all();
  thread_.join();
}

void SeriesPipeline::Write() {
  while (true) {
    const SeriesRun* run = nullptr;
    {
      std::unique_lock lock(mutex_);
      changed_.wait(lock, [this] { return pending_ != nullptr || stop_; });
      if (pending_ == nullptr) return;
      run = pending_;
    }
    absl::Status status = writer_->Append(*run);
    const std::lock_guard lock(mutex_);
    status_.Update(std::move(status));
    pending_ = nullptr;
    changed_.notify_all();
  }
}

}  // namespace fairway::ingest
