#include <cstdlib>
#include <string>

#include "fairway/v1/rate_query_service.grpc.pb.h"

#include "tests/bench/serve.h"

// What gRPC's transport can do on this machine: raw_server BYTES answers every GetDailyRates with
// the same so many bytes, made once. No message, no look-up, no metric, no log.
namespace fairway::bench {
namespace {

class RawService final : public v1::RateQueryService::WithRawCallbackMethod_GetDailyRates<
                             v1::RateQueryService::Service> {
 public:
  explicit RawService(size_t bytes) {
    const grpc::Slice slice(std::string(bytes, 'x'));
    reply_ = grpc::ByteBuffer(&slice, 1);
  }

 private:
  grpc::ServerUnaryReactor* GetDailyRates(grpc::CallbackServerContext* context,
                                          const grpc::ByteBuffer* /*request*/,
                                          grpc::ByteBuffer* reply) override {
    *reply = reply_;
    grpc::ServerUnaryReactor* reactor = context->DefaultReactor();
    reactor->Finish(grpc::Status::OK);
    return reactor;
  }

  grpc::ByteBuffer reply_;
};

}  // namespace
}  // namespace fairway::bench

int main(int argc, char** argv) {
  if (argc != 2) return 2;
  fairway::bench::RawService service(std::strtoul(argv[1], nullptr, 10));
  return fairway::bench::ServeUntilEof(service);
}
