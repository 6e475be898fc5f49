#include "libs/postgres/copy_session_pool.h"

#include "absl/time/clock.h"

#include "libs/base/status_macros.h"

namespace fairway::postgres {
namespace {

constexpr absl::Duration kIdleAnswerMax = absl::Seconds(1);

}  // namespace

absl::StatusOr<AnsweredSession> CopySessionPool::Take(absl::string_view query,
                                                      const Deadline& deadline) {
  while (std::unique_ptr<CopySession> idle = TakeIdle()) {
    if (!idle->IsIdle()) continue;
    idle->set_deadline(deadline.NotAfter(absl::Now() + kIdleAnswerMax));
    auto answer = idle->QueryValue(query);
    if (!idle->IsIdle()) {
      DropIdle();
      continue;
    }
    RETURN_IF_ERROR(answer.status());
    idle->set_deadline(deadline);
    return AnsweredSession{std::move(idle), *std::move(answer)};
  }
  ASSIGN_OR_RETURN(std::unique_ptr<CopySession> session, CopySession::Open(options_, deadline));
  ASSIGN_OR_RETURN(std::optional<std::string> answer, session->QueryValue(query));
  return AnsweredSession{std::move(session), std::move(answer)};
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
