"""Fields and defaults of an article: key order of recording 4.16."""

from typing import Final

from fortnox.sandbox.fortnox.fields import Field, texts
from fortnox.sandbox.fortnox.wire import Json

#: Customer's VATType -> the article's account for it.
ACCOUNT_BY_VAT_TYPE: Final = {
    "SEVAT": "SalesAccount",
    "SEREVERSEDVAT": "ConstructionAccount",
    "EUREVERSEDVAT": "EUAccount",
    "EUVAT": "EUVATAccount",
    "EXPORT": "ExportAccount",
}
ACCOUNTS = (*ACCOUNT_BY_VAT_TYPE.values(), "PurchaseAccount", "StockAccount", "StockChangeAccount")
AMOUNTS = (
    "PurchasePrice",
    "DirectCost",
    "FreightCost",
    "OtherCost",
    "QuantityInStock",
    "StockWarning",
)
_HOUSEWORK = (
    "CONSTRUCTION ELECTRICITY GLASSMETALWORK GROUNDDRAINAGEWORK MASONRY PAINTINGWALLPAPERING HVAC "
    "CLEANING TEXTILECLOTHING COOKING SNOWPLOWING GARDENING BABYSITTING OTHERCARE TUTORING "
    "FURNISHING HOMEMAINTENANCE TRANSPORTATIONSERVICES WASHINGANDCAREOFCLOTHING SOLARCELLS "
    "STORAGESELFPRODUCEDELECTRICITY CHARGINGSTATIONELECTRICVEHICLE EMPTYHOUSEWORK OTHERCOSTS"
)
FIELDS = {
    "ArticleNumber": Field("text", 50),
    "Description": Field("text", 200),
    "EAN": Field("text", 30),
    "Note": Field("text", 10000),
    "StockPlace": Field("text", 100),
    "Type": Field("text", choices=("STOCK", "SERVICE")),
    "HouseworkType": Field("text", choices=tuple(_HOUSEWORK.split())),
    **texts("Manufacturer", "ManufacturerArticleNumber", length=50),
    **texts("CostCalculationMethod", "DefaultStockLocation", "DefaultStockPoint"),
    **texts("SupplierNumber", "Unit", "CommodityCode"),
    **dict.fromkeys(ACCOUNTS, Field("int")),
    **dict.fromkeys(AMOUNTS, Field("number")),
    **dict.fromkeys(("Weight", "Height", "Width", "Depth"), Field("int")),
    **dict.fromkeys(
        ("Active", "Bulky", "Expired", "Housework", "StockGoods", "WebshopArticle"), Field("bool")
    ),
    "SalesPrice": Field("number"),
    "VAT": Field("number"),
}
#: Key order and defaults of a new article (recording 4.16).
DEFAULTS: Json = {
    "ArticleNumber": "",
    "Bulky": False,
    "ConstructionAccount": 0,
    "Depth": 0,
    "Description": "",
    "DisposableQuantity": 0,
    "EAN": "",
    "EUAccount": 3108,
    "EUVATAccount": 3106,
    "ExportAccount": 3105,
    "Height": 0,
    "Housework": False,
    "HouseworkType": None,
    "Active": True,
    "Manufacturer": None,
    "ManufacturerArticleNumber": "",
    "Note": "",
    "PurchaseAccount": 4000,
    "PurchasePrice": 0,
    "QuantityInStock": 0,
    "ReservedQuantity": 0,
    "SalesAccount": 3001,
    "StockGoods": False,
    "StockPlace": None,
    "StockValue": 0,
    "StockWarning": None,
    "SupplierName": None,
    "SupplierNumber": None,
    "Type": "STOCK",
    "Unit": None,
    "VAT": 25,
    "WebshopArticle": False,
    "Weight": 0,
    "Width": 0,
    "Expired": False,
    "SalesPrice": None,
    "CostCalculationMethod": None,
    "StockAccount": None,
    "StockChangeAccount": None,
    "DirectCost": None,
    "FreightCost": None,
    "OtherCost": None,
    "DefaultStockPoint": None,
    "DefaultStockLocation": None,
    "CommodityCode": "",
}
