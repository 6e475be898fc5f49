#include "libs/rpc/server/request_reads.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "absl/strings/str_cat.h"

#include "libs/domain/errors.h"
#include "libs/rpc/server/peer.h"

namespace fairway::rpc {
namespace {

// How much later than in time a request may end.
constexpr int kLooksPerGrace = 5;

}  // namespace

RequestReads::RequestReads(const Options& options, const Clock* clock)
    : options_(options), clock_(*clock), checks_(clock, [this](const std::stop_token&) {
        EndThoseLate();
        return clock_.Now() + options_.grace / kLooksPerGrace;
      }) {}

void RequestReads::Enter(Reader& reader, const std::string& peer) {
  Entries entry = {{&reader, std::string(AddressOf(peer)), clock_.Now()}};
  const std::lock_guard lock(mutex_);
  if (Fits(entry.front().address)) {
    Begin(entry, entry.begin());
    return;
  }
  Entries& queue = waiting_[entry.front().address];
  queue.splice(queue.end(), entry);
  reader.entry_ = std::prev(queue.end());
  reader.state_ = Reader::State::kWaiting;
}

bool RequestReads::Leave(Reader& reader) {
  const std::lock_guard lock(mutex_);
  if (reader.state_ == Reader::State::kOut) return false;
  Remove(reader);
  BeginThoseThatFit();
  return true;
}

bool RequestReads::LeaveQueue(Reader& reader) {
  const std::lock_guard lock(mutex_);
  if (reader.state_ != Reader::State::kWaiting) return false;
  Remove(reader);
  return true;
}

void RequestReads::Remove(Reader& reader) {
  const std::string address = reader.entry_->address;
  if (reader.state_ == Reader::State::kReading) {
    reading_.erase(reader.entry_);
    by_address_.Remove(address);
  } else {
    const auto queue = waiting_.find(address);
    queue->second.erase(reader.entry_);
    if (queue->second.empty()) waiting_.erase(queue);
  }
  reader.state_ = Reader::State::kOut;
}

bool RequestReads::Fits(const std::string& address) const {
  return static_cast<int>(reading_.size()) < options_.reads_max &&
         by_address_.Of(address) < options_.per_address_max;
}

void RequestReads::Begin(Entries& from, Entries::iterator entry) {
  reading_.splice(reading_.end(), from, entry);
  by_address_.Add(entry->address);
  entry->since = clock_.Now();
  entry->reader->entry_ = entry;
  entry->reader->state_ = Reader::State::kReading;
  entry->reader->StartReading();
}

void RequestReads::BeginThoseThatFit() {
  while (!waiting_.empty()) {
    const auto next =
        std::min_element(waiting_.begin(), waiting_.end(), [this](const auto& a, const auto& b) {
          return by_address_.Of(a.first) < by_address_.Of(b.first);
        });
    if (!Fits(next->first)) return;
    Begin(next->second, next->second.begin());
    if (next->second.empty()) waiting_.erase(next);
  }
}

std::list<RequestReads::GivenUp> RequestReads::TakeLate(absl::Time now) {
  std::list<GivenUp> late;
  const auto take = [&](Reader& reader, const absl::Status& why) {
    Remove(reader);
    late.push_back({&reader, why});
  };
  const bool full = static_cast<int>(reading_.size()) >= options_.reads_max;
  for (auto entry = reading_.begin(); entry != reading_.end();) {
    const auto current = entry++;
    if (current->since >= now - options_.grace) break;
    if (current->since < now - options_.time_max) {
      take(*current->reader, RequestTimedOutError(options_.time_max));
    } else if (waiting_.contains(current->address) || (full && !waiting_.empty())) {
      take(*current->reader,
           OverloadedError("other requests are waiting, and this one comes too slowly"));
    }
  }
  for (auto queue = waiting_.begin(); queue != waiting_.end();) {
    const auto current = queue++;
    // Goes with its last reader.
    for (size_t left = current->second.size(); left > 0; --left) {
      const Entry& first = current->second.front();
      if (first.since >= now - options_.time_max) break;
      take(*first.reader, OverloadedError("too many requests are being read"));
    }
  }
  BeginThoseThatFit();
  return late;
}

void RequestReads::EndThoseLate() {
  std::list<GivenUp> late;
  {
    const std::lock_guard lock(mutex_);
    late = TakeLate(clock_.Now());
  }
  for (const GivenUp& each : late) each.reader->GiveUp(each.why);
}

}  // namespace fairway::rpc
