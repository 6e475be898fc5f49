#pragma once

#include <condition_variable>
#include <list>
#include <mutex>
#include <string>
#include <thread>

#include "absl/base/thread_annotations.h"

#include "libs/postgres/connection_options.h"

namespace fairway::testing {

// A proxy between a client and PostgreSQL that fails on demand, as networks do. Passes everything
// on at first. Thread-safe.
class FaultProxy {
 public:
  // Listens on a loopback port of its own in front of the server `target` names (a Unix socket).
  explicit FaultProxy(const postgres::ConnectionOptions& target);
  ~FaultProxy();
  FaultProxy(const FaultProxy&) = delete;
  FaultProxy& operator=(const FaultProxy&) = delete;

  // The target's options, by way of this proxy.
  postgres::ConnectionOptions options() const { return options_; }

  // Cuts all open connections; accepts new ones.
  void CutAll();
  // From now on every connection is cut, old and new, until Pass().
  void Refuse();
  // From now on nothing is passed on in either direction, and nothing is closed, until Pass().
  void Stall();
  void Pass();

  // When a client next sends `text` in one piece: kBeforeDelivery cuts its connection before the
  // server receives it; kAfterAnswer cuts it when the server answers, before the client receives
  // the answer. Done once. StallWhenClientSends delivers it, and then stalls.
  enum class Moment { kBeforeDelivery, kAfterAnswer };
  void CutWhenClientSends(std::string text, Moment moment);
  void StallWhenClientSends(std::string text);

 private:
  enum class Mode { kPass, kRefuse, kStall };
  struct Link {
    int client = -1;
    int server = -1;
    bool cut_on_answer = false;
    bool dead = false;
  };

  void Serve();
  void Accept();
  void PassOn(Link& link, bool client_ready, bool server_ready) ABSL_LOCKS_EXCLUDED(mutex_);
  bool IsToBeCut(Link& link, const std::string& bytes) ABSL_LOCKS_EXCLUDED(mutex_);
  void SetMode(Mode mode, bool cut);
  void Wake();

  const std::string server_path_;
  postgres::ConnectionOptions options_;
  int listener_ = -1;
  int wake_[2] = {-1, -1};
  std::list<Link> links_;  // Of the thread alone.

  std::mutex mutex_;
  std::condition_variable cut_done_;
  Mode mode_ ABSL_GUARDED_BY(mutex_) = Mode::kPass;
  bool cut_ ABSL_GUARDED_BY(mutex_) = false;
  bool stop_ ABSL_GUARDED_BY(mutex_) = false;
  std::string trigger_ ABSL_GUARDED_BY(mutex_);
  std::string stall_trigger_ ABSL_GUARDED_BY(mutex_);
  Moment moment_ ABSL_GUARDED_BY(mutex_) = Moment::kBeforeDelivery;

  std::thread thread_;
};

}  // namespace fairway::testing
