#include "libs/postgres/interruption.h"

#include <algorithm>

#include "libs/postgres/session.h"

namespace fairway::postgres {
namespace {

constexpr absl::Duration kServersTime = absl::Milliseconds(250);

}  // namespace

Interruption::Interruption(PooledConnection& connection, const Deadline& deadline)
    : session_(*connection.session_),
      deadline_(deadline),
      alarm_(&connection.pool_->watchdog_, [this] { Interrupt(); }),
      on_cancelled_(deadline.stop(), [this] { Interrupt(); }) {
  alarm_.Set(end());
}

void Interruption::AnswerBy(absl::Time time) { alarm_.Set(std::min(time, end())); }

void Interruption::Answered() { alarm_.Set(end()); }

absl::Time Interruption::end() const { return deadline_.time() + kServersTime; }

void Interruption::Interrupt() {
  happened_ = true;
  session_.Interrupt();
}

}  // namespace fairway::postgres
