#include "bare_rates.grpc.pb.h"
#include "tests/bench/serve.h"

// What one would write first: a callback server that answers with the same 31 days of three fields
// each, built anew for each call. No look-up, no check, no metric, no log.
namespace fairway::bench {
namespace {

class BareService final : public BareRates::CallbackService {
  grpc::ServerUnaryReactor* GetRates(grpc::CallbackServerContext* context,
                                     const GetRatesRequest* /*request*/,
                                     GetRatesResponse* response) override {
    constexpr int kDays = 31;
    response->mutable_rates()->Reserve(kDays);
    for (int i = 0; i < kDays; ++i) {
      Rate* rate = response->add_rates();
      rate->set_day("2026-01-01");
      rate->set_average(1234.5);
      rate->set_price_count(4);
    }
    grpc::ServerUnaryReactor* reactor = context->DefaultReactor();
    reactor->Finish(grpc::Status::OK);
    return reactor;
  }
};

}  // namespace
}  // namespace fairway::bench

int main() {
  fairway::bench::BareService service;
  return fairway::bench::ServeUntilEof(service);
}
