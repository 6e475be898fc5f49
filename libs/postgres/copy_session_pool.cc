#include "libs/postgres/copy_session_pool.h"

#include "absl/time/clock.h"

namespace fairway::postgres {
namespace {

// An empty query takes a server that is well some microseconds, and one that hangs for ever.
constexpr absl::Duration kAnswerMax = absl::Seconds(1);

bool Answers(CopySession& session, const Deadline& deadline) {
  session.set_deadline(deadline.NotAfter(absl::Now() + kAnswerMax));
  return session.Execute("").ok();
}

}  // namespace

absl::StatusOr<std::unique_ptr<CopySession>> CopySessionPool::Take(const Deadline& deadline) {
  while (std::unique_ptr<CopySession> idle = TakeIdle()) {
    if (!idle->IsIdle()) continue;
    if (Answers(*idle, deadline)) {
      idle->set_deadline(deadline);
      return idle;
    }
    DropIdle();
  }
  return CopySession::Open(options_, deadline);
}

std::unique_ptr<CopySession> CopySessionPool::TakeIdle() {
  const std::lock_guard lock(mutex_);
  if (idle_.empty()) return nullptr;
  std::unique_ptr<CopySession> session = std::move(idle_.back());
  idle_.pop_back();
  return session;
}

void CopySessionPool::GiveBack(std::unique_ptr<CopySession> session) {
  if (!session->IsIdle()) return;
  const std::lock_guard lock(mutex_);
  if (idle_.size() < idle_max_) idle_.push_back(std::move(session));
}

void CopySessionPool::DropIdle() {
  std::vector<std::unique_ptr<CopySession>> dropped;
  const std::lock_guard lock(mutex_);
  dropped.swap(idle_);
}

}  // namespace fairway::postgres
