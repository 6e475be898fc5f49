#include <grpcpp/grpcpp.h>

#include <iostream>
#include <string>

#include "absl/synchronization/mutex.h"
#include "fairway/v1/rate_query_service.grpc.pb.h"

// What gRPC itself can do on this machine: a bare callback server that answers every GetDailyRates
// with the same 31 days, built anew for each call. No lookup, no check, no metric, no log. Prints
// its port and serves until its standard input ends.
namespace fairway::bench {
namespace {

class CeilingService final : public v1::RateQueryService::CallbackService {
  grpc::ServerUnaryReactor* GetDailyRates(grpc::CallbackServerContext* context,
                                          const v1::GetDailyRatesRequest* /*request*/,
                                          v1::GetDailyRatesResponse* response) override {
    constexpr int kDays = 31;
    response->mutable_rates()->Reserve(kDays);
    for (int i = 0; i < kDays; ++i) {
      v1::DailyRate* rate = response->add_rates();
      rate->set_day("2026-01-01");
      rate->set_price_count(4);
      rate->set_availability(v1::AVAILABILITY_PUBLISHED);
      rate->set_average(1234.5);
    }
    response->set_dataset_version(1);
    grpc::ServerUnaryReactor* reactor = context->DefaultReactor();
    reactor->Finish(grpc::Status::OK);
    return reactor;
  }
};

int Main() {
  absl::SetMutexDeadlockDetectionMode(absl::OnDeadlockCycle::kIgnore);  // As in the real services.
  CeilingService service;
  int port = 0;
  grpc::ServerBuilder builder;
  builder.AddListeningPort("127.0.0.1:0", grpc::InsecureServerCredentials(), &port);
  builder.RegisterService(&service);
  const std::unique_ptr<grpc::Server> server = builder.BuildAndStart();
  if (server == nullptr) return 1;
  std::cout << port << std::endl;
  while (std::cin.get() != std::istream::traits_type::eof()) {
  }
  server->Shutdown();
  return 0;
}

}  // namespace
}  // namespace fairway::bench

int main() { return fairway::bench::Main(); }
