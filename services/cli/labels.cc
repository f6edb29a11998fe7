// The Vietnamese names of the contract's enum values. A value without a row shows its short name; a
// test makes sure that none is forgotten.
#include <algorithm>
#include <array>
#include <string>
#include <string_view>
#include <utility>

#include "services/cli/fields.h"

namespace motcua::cli {
namespace {

using Row = std::pair<std::string_view, std::string_view>;

constexpr std::array kLabels = {
    Row{"CHANNEL_DIRECT", "Trực tiếp"},
    Row{"CHANNEL_ONLINE", "Trực tuyến"},
    Row{"CHANNEL_POSTAL", "Bưu chính"},
    Row{"RETURN_MODE_COUNTER", "Tại quầy"},
    Row{"RETURN_MODE_POSTAL", "Qua bưu chính"},
    Row{"STAGE_REFUSED", "Từ chối tiếp nhận"},
    Row{"STAGE_PROCESSING", "Đang giải quyết"},
    Row{"STAGE_SUPPLEMENT", "Chờ bổ sung"},
    Row{"STAGE_PAUSED", "Tạm dừng"},
    Row{"STAGE_RESULT_READY", "Có kết quả"},
    Row{"STAGE_CLOSED", "Đã trả kết quả"},
    Row{"STAGE_WITHDRAWN", "Đã rút"},
    Row{"OUTCOME_GRANTED", "Chấp thuận"},
    Row{"OUTCOME_REJECTED", "Từ chối giải quyết"},
    Row{"OUTCOME_WITHDRAWN", "Công dân rút"},
    Row{"PAUSE_REASON_SUPPLEMENT", "Yêu cầu bổ sung"},
    Row{"PAUSE_REASON_FINANCIAL_DUTY", "Nghĩa vụ tài chính"},
    Row{"PAUSE_REASON_OTHER_AGENCY", "Lấy ý kiến cơ quan khác"},
    Row{"PAUSE_REASON_SECTOR_LAW", "Theo luật chuyên ngành"},
    Row{"REFUSAL_REASON_NOT_COMPETENT", "Không thuộc thẩm quyền"},
    Row{"REFUSAL_REASON_PAPERS_MISSING", "Thiếu giấy tờ"},
    Row{"REFUSAL_REASON_NOT_ELIGIBLE", "Không đủ điều kiện"},
    Row{"REFUSAL_REASON_OTHER", "Lý do khác"},
    Row{"ALERT_KIND_DUE_SOON", "Sắp đến hạn"},
    Row{"ALERT_KIND_OVERDUE", "Quá hạn"},
    Row{"LEG_STATE_UNSPECIFIED", "Chưa chuyển"},
    Row{"LEG_STATE_SENT", "Đã chuyển"},
    Row{"LEG_STATE_ACKNOWLEDGED", "Đã nhận"},
    Row{"LEG_STATE_ACCEPTED", "Đã thụ lý"},
    Row{"LEG_STATE_COMPLETED", "Đã xong"},
    Row{"LEG_STATE_RETURNED", "Trả lại"},
    Row{"RETURN_REASON_PAPERS_MISSING", "Thiếu giấy tờ"},
    Row{"RETURN_REASON_NOT_COMPETENT", "Không thuộc thẩm quyền"},
    Row{"RETURN_REASON_CONTENT_WRONG", "Nội dung sai"},
    Row{"RETURN_REASON_OTHER", "Lý do khác"},
    Row{"LEG_OUTCOME_GRANTED", "Đồng ý"},
    Row{"LEG_OUTCOME_REJECTED", "Không đồng ý"},
    Row{"SHIPMENT_STATE_REGISTERED", "Chờ gom"},
    Row{"SHIPMENT_STATE_HANDED_OVER", "Đã giao bưu điện"},
    Row{"SHIPMENT_STATE_IN_TRANSIT", "Đang vận chuyển"},
    Row{"SHIPMENT_STATE_OUT_FOR_DELIVERY", "Đang phát"},
    Row{"SHIPMENT_STATE_DELIVERY_FAILED", "Phát không thành công"},
    Row{"SHIPMENT_STATE_DELIVERED", "Phát thành công"},
    Row{"SHIPMENT_STATE_RETURNING", "Chuyển hoàn"},
    Row{"SHIPMENT_STATE_RETURNED", "Đã hoàn cơ quan"},
    Row{"FAILURE_REASON_ABSENT", "Vắng nhà"},
    Row{"FAILURE_REASON_ADDRESS_WRONG", "Sai địa chỉ"},
    Row{"FAILURE_REASON_REFUSED", "Từ chối nhận"},
    Row{"FAILURE_REASON_IDENTITY_NOT_PROVEN", "Không chứng minh được nhân thân"},
    Row{"FAILURE_REASON_OTHER", "Lý do khác"},
    Row{"PROOF_KIND_SIGNATURE", "Ký nhận"},
    Row{"PROOF_KIND_ELECTRONIC_SIGNATURE", "Ký điện tử"},
    Row{"PROOF_KIND_PHOTO", "Ảnh chụp"},
    Row{"COLUMN_CARRIED_OVER", "Từ kỳ trước"},
    Row{"COLUMN_RECEIVED_DIRECT", "Nhận trực tiếp"},
    Row{"COLUMN_RECEIVED_ONLINE", "Nhận trực tuyến"},
    Row{"COLUMN_RECEIVED_POSTAL", "Nhận qua bưu chính"},
    Row{"COLUMN_RESOLVED_EARLY", "Trước hạn"},
    Row{"COLUMN_RESOLVED_ON_TIME", "Đúng hạn"},
    Row{"COLUMN_RESOLVED_LATE", "Quá hạn"},
    Row{"COLUMN_RESOLVED_WITHDRAWN", "Đã rút"},
    Row{"COLUMN_OPEN_IN_TERM", "Đang giải quyết, trong hạn"},
    Row{"COLUMN_OPEN_LATE", "Đang giải quyết, quá hạn"},
    Row{"COLUMN_OPEN_PAUSED", "Đang giải quyết, tạm dừng"},
    Row{"COLUMN_RESOLVED_STOPPED", "Quá hạn, yêu cầu bổ sung / tạm dừng sau khi quá hạn"},
    Row{"COLUMN_OPEN_STOPPED", "Đang giải quyết, yêu cầu bổ sung / tạm dừng sau khi quá hạn"},
    Row{"COLUMN_SUPPLEMENT_REPEATED", "Yêu cầu bổ sung từ hai lần trở lên"},
    Row{"CONSISTENCY_CURRENT", "Mới nhất"},
};

}  // namespace

std::string Label(const EnumValueDescriptor& value) {
  const auto* const row = std::find_if(kLabels.begin(), kLabels.end(),
                                       [&](const Row& r) { return r.first == value.name(); });
  return row == kLabels.end() ? ShortName(value) : std::string(row->second);
}

}  // namespace motcua::cli
