using Bifrost.Wire.Canonical.Chat;
using Bifrost.Wire.Json;

namespace Bifrost.Wire.Dialects.OpenAI;

/// <summary>Reads what a caller asks of the model's thinking.</summary>
internal static class ReasoningFields
{
    public static string? Effort(Fields fields, string name) => fields.OneOf(name, "none", "minimal", "low", "medium", "high", "xhigh");

    /// <param name="fields">The <c>reasoning</c> object.</param>
    /// <param name="otherwise">The effort when the object names none.</param>
    public static ReasoningAsk Read(Fields fields, string? otherwise = null)
    {
        var effort = Effort(fields, "effort") ?? otherwise;
        if (effort is null && fields.Flag("enabled") == false)
        {
            effort = "none";
        }

        var summary = fields.Text("summary") ?? fields.Text("generate_summary");
        return new ReasoningAsk(effort, fields.Integer("max_tokens", 0), summary);
    }
}
