#pragma once

#include <grpcpp/support/byte_buffer.h>
#include <grpcpp/support/server_callback.h>

#include <atomic>
#include <functional>
#include <utility>

#include "libs/rpc/server/call.h"
#include "libs/rpc/server/request_reads.h"

namespace fairway::rpc {

// A raw method with one request. Reads it itself and then has it answered by a reactor that is made
// for requests which are there: gRPC makes such a reactor when the message is whole, and waits for
// that as long as the client likes. Owns itself, and lets the reactor know when it is done.
class OneRequestCall : public grpc::ServerBidiReactor<grpc::ByteBuffer, grpc::ByteBuffer>,
                       private RequestReads::Reader {
 public:
  OneRequestCall(const OneRequestCall&) = delete;
  OneRequestCall& operator=(const OneRequestCall&) = delete;

 protected:
  OneRequestCall(const Method& method, grpc::CallbackServerContext* context, RequestReads& reads)
      : method_(method), context_(context), reads_(reads) {}
  ~OneRequestCall() override = default;

  // The last thing that a constructor does.
  void ReadRequest() { reads_.Enter(*this, context_->peer()); }
  // Makes the reactor that answers, and lends it what it calls.
  virtual grpc::internal::ServerReactor* Answer(grpc::CallbackServerContext* context,
                                                const grpc::ByteBuffer& request) = 0;
  grpc::internal::ServerReactor* answer() { return answer_; }

 private:
  void StartReading() final { StartRead(&request_); }
  void GiveUp(const absl::Status& why) final;
  void OnReadDone(bool ok) final;
  void OnCancel() final;
  void OnDone() final;

  const Method& method_;
  grpc::CallbackServerContext* const context_;
  RequestReads& reads_;
  grpc::ByteBuffer request_;
  grpc::internal::ServerReactor* answer_ = nullptr;
  // What must have happened before the reactor learns that the call was cancelled: it is there, and
  // the call was.
  std::atomic<int> until_cancelled_ = 2;
};

class OneRequestUnaryCall final : public OneRequestCall {
 public:
  using Handler = std::function<grpc::ServerUnaryReactor*(
      grpc::CallbackServerContext*, const grpc::ByteBuffer* request, grpc::ByteBuffer* reply)>;

  OneRequestUnaryCall(const Method& method, grpc::CallbackServerContext* context,
                      RequestReads& reads, const Handler& handler)
      : OneRequestCall(method, context, reads), handler_(handler) {
    ReadRequest();
  }

 private:
  // What the reactor calls.
  struct Caller final : grpc::ServerCallbackUnary {
    explicit Caller(OneRequestUnaryCall* owner) : call(*owner) {}
    void Bind(grpc::ServerUnaryReactor* reactor) { BindReactor(reactor); }
    void Finish(grpc::Status status) override;
    void SendInitialMetadata() override { call.StartSendInitialMetadata(); }
    grpc::internal::ServerReactor* reactor() override { return call.answer(); }
    void CallOnDone() override {}

    OneRequestUnaryCall& call;
  };

  grpc::internal::ServerReactor* Answer(grpc::CallbackServerContext* context,
                                        const grpc::ByteBuffer& request) override;

  const Handler& handler_;
  Caller caller_{this};
  grpc::ByteBuffer reply_;
};

class OneRequestStreamCall final : public OneRequestCall {
 public:
  using Reactor = grpc::ServerWriteReactor<grpc::ByteBuffer>;
  using Handler =
      std::function<Reactor*(grpc::CallbackServerContext*, const grpc::ByteBuffer* request)>;

  OneRequestStreamCall(const Method& method, grpc::CallbackServerContext* context,
                       RequestReads& reads, const Handler& handler)
      : OneRequestCall(method, context, reads), handler_(handler) {
    ReadRequest();
  }

 private:
  // What the reactor calls.
  struct Caller final : grpc::ServerCallbackWriter<grpc::ByteBuffer> {
    explicit Caller(OneRequestStreamCall* owner) : call(*owner) {}
    void Bind(Reactor* reactor) { BindReactor(reactor); }
    void Finish(grpc::Status status) override { call.Finish(std::move(status)); }
    void SendInitialMetadata() override { call.StartSendInitialMetadata(); }
    void Write(const grpc::ByteBuffer* message, grpc::WriteOptions options) override {
      call.StartWrite(message, options);
    }
    void WriteAndFinish(const grpc::ByteBuffer* message, grpc::WriteOptions options,
                        grpc::Status status) override {
      call.StartWriteAndFinish(message, options, std::move(status));
    }
    grpc::internal::ServerReactor* reactor() override { return call.answer(); }
    void CallOnDone() override {}

    OneRequestStreamCall& call;
  };

  grpc::internal::ServerReactor* Answer(grpc::CallbackServerContext* context,
                                        const grpc::ByteBuffer& request) override;
  void OnWriteDone(bool ok) override { reactor_->OnWriteDone(ok); }

  const Handler& handler_;
  Caller caller_{this};
  Reactor* reactor_ = nullptr;
};

}  // namespace fairway::rpc
