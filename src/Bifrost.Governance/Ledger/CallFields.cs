namespace Bifrost.Governance.Ledger;

/// <summary>The fields of a call that are the same for many, as they lie in the journal.</summary>
internal static class CallFields
{
    public static void Write(RecordWriter writer, Interning interning, CallRecord call)
    {
        interning.CutText(writer, call.Operation);
        interning.CutText(writer, call.Provider);
        interning.CutText(writer, call.ProviderKey);
        interning.CutText(writer, call.AskedModel);
        interning.CutText(writer, call.SentModel);
        interning.CutText(writer, call.VirtualKeyId);
        interning.CutText(writer, call.TeamId);
        interning.CutText(writer, call.BusinessUnitId);
        interning.CutText(writer, call.CustomerId);
        interning.CutText(writer, call.UserId);
        interning.CutText(writer, call.Dimensions);
    }

    public static CallRecord Read(ref RecordReader reader, Definitions definitions) =>
        new()
        {
            RequestId = "",
            At = default,
            Operation = definitions.Text(ref reader) ?? "",
            Provider = definitions.Text(ref reader) ?? "",
            ProviderKey = definitions.Text(ref reader) ?? "",
            AskedModel = definitions.Text(ref reader) ?? "",
            SentModel = definitions.Text(ref reader) ?? "",
            VirtualKeyId = definitions.Text(ref reader),
            TeamId = definitions.Text(ref reader),
            BusinessUnitId = definitions.Text(ref reader),
            CustomerId = definitions.Text(ref reader),
            UserId = definitions.Text(ref reader),
            Dimensions = definitions.Text(ref reader),
        };
}
