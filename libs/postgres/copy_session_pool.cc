#include "libs/postgres/copy_session_pool.h"

namespace fairway::postgres {

absl::StatusOr<std::unique_ptr<CopySession>> CopySessionPool::Take(absl::Time deadline) {
  while (std::unique_ptr<CopySession> idle = TakeIdle()) {
    if (!idle->IsIdle()) continue;
    idle->set_deadline(deadline);
    return idle;
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
