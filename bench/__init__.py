"""How fast is the fee, and how exact, beside the engines a ministry could have taken instead? (`python -m bench`)"""
