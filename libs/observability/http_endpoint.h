#pragma once

#include <functional>
#include <list>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"

#include "libs/net/listener.h"

namespace fairway::observability {

struct HttpReply {
  int code = 200;
  std::string type;
  std::string body;
};

// Answers small HTTP requests without a body, one for each connection, all on one thread that waits
// for no client: any number of silent ones costs the others nothing. Owns its threads.
class HttpEndpoint {
 public:
  // `path` has no query. Must not block.
  using Handler = std::function<HttpReply(absl::string_view method, absl::string_view path)>;

  // UNAVAILABLE when the address cannot be bound.
  static absl::StatusOr<std::unique_ptr<HttpEndpoint>> Start(absl::string_view address,
                                                             Handler handler);
  ~HttpEndpoint();

  int port() const { return listener_->port(); }

 private:
  struct Connection;

  HttpEndpoint(std::unique_ptr<net::Listener> listener, net::Descriptor event, Handler handler);
  void Run();
  bool TakeNew();
  void Poll();
  // False when the connection is over.
  bool Serve(Connection& connection, int events);
  bool Read(Connection& connection);
  bool Write(Connection& connection);
  std::string Answer(absl::string_view request) const;

  const std::unique_ptr<net::Listener> listener_;
  const net::Descriptor event_;  // Readable when there is a new connection, or an end.
  const Handler handler_;
  std::list<Connection> connections_;  // The oldest first. The thread's own.
  std::mutex mutex_;
  std::vector<net::Descriptor> accepted_ ABSL_GUARDED_BY(mutex_);
  bool stop_ ABSL_GUARDED_BY(mutex_) = false;
  std::thread thread_;
};

}  // namespace fairway::observability
