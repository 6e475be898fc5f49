#include "libs/rpc/server/one_request_call.h"

#include "libs/domain/errors.h"
#include "libs/domain/limits.h"

namespace fairway::rpc {

void OneRequestCall::GiveUp(const absl::Status& why) {
  Call call(method_, context_, limits::kUnaryDeadlineDefault);
  Finish(call.Finish(why));
}

void OneRequestCall::OnReadDone(bool ok) {
  if (!reads_.Leave(*this)) return;  // GiveUp() was called.
  if (!ok) {
    return GiveUp(context_->IsCancelled()
                      ? CancelledError()
                      : InvalidRequestError("message", "there is none, or it was cut"));
  }
  answer_ = Answer(context_, request_);
  if (until_cancelled_.fetch_sub(1, std::memory_order_acq_rel) == 1) answer_->OnCancel();
}

void OneRequestCall::OnCancel() {
  if (until_cancelled_.fetch_sub(1, std::memory_order_acq_rel) == 1) return answer_->OnCancel();
  if (reads_.LeaveQueue(*this)) GiveUp(CancelledError());
}

void OneRequestCall::OnDone() {
  if (answer_ != nullptr) answer_->OnDone();
  delete this;
}

grpc::internal::ServerReactor* OneRequestUnaryCall::Answer(grpc::CallbackServerContext* context,
                                                           const grpc::ByteBuffer& request) {
  grpc::ServerUnaryReactor* const reactor = handler_(context, &request, &reply_);
  caller_.Bind(reactor);
  return reactor;
}

void OneRequestUnaryCall::Caller::Finish(grpc::Status status) {
  if (!status.ok()) return call.OneRequestCall::Finish(std::move(status));
  call.StartWriteAndFinish(&call.reply_, grpc::WriteOptions(), std::move(status));
}

grpc::internal::ServerReactor* OneRequestStreamCall::Answer(grpc::CallbackServerContext* context,
                                                            const grpc::ByteBuffer& request) {
  reactor_ = handler_(context, &request);
  caller_.Bind(reactor_);
  return reactor_;
}

}  // namespace fairway::rpc
